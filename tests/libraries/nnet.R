# R's nnet: softmax regression (its hidden units are logistic). Case weights 1/N turn its sum into a mean; decay is λ/2, since
# its penalty has no ½, and 0 for biases, which it penalises too. One iteration goes along the gradient; a tenth of the
# cost makes that step short enough to be taken whole.
suppressMessages(library(nnet))
cat("library\tR's nnet", paste0(packageVersion("nnet"), "\n"))
cell <- function(row, text) cat("cell", row, paste0(text, "\n"), sep = "\t")

# x with a class for each row, from weights w as above: one iteration.
step <- function(w, x, y, decay, share = 1, iterations = 1) {
  order <- rbind(w[nrow(w), ], w[-nrow(w), , drop = FALSE])  # nnet has each class's bias first
  nnet(x, class.ind(factor(c(y), 0:2)), weights = rep(share, nrow(x)), size = 0, skip = TRUE, softmax = TRUE,
       Wts = c(order), decay = decay, maxit = iterations, trace = FALSE)
}

lines <- strsplit(readLines(file.path(Sys.getenv("NUMBERS"), "prob1b.txt")), " ")
read <- function(kind) {  # the rows of all matrices of this kind: of W, then of b
  found <- lines[sapply(lines, function(line) line[1] == kind)]
  do.call(rbind, lapply(found, function(line) matrix(as.numeric(line[-(1:3)]), as.numeric(line[2]), byrow = TRUE)))
}
start <- read("parameter")
decay <- rep(c(0, 0.005, 0.005), 3)
cost <- function(share, iterations) step(start, read("x"), read("y"), decay * share, share / nrow(read("x")), iterations)
after <- matrix(cost(0.1, 1)$wts, ncol = 3)[c(2, 3, 1), ]
difference <- max(abs(cost(1, 0)$value - read("loss")), abs((start - after) * 10 - read("gradient")))
cat("difference", "prob1b", paste0(difference, "\n"), sep = "\t")

ones <- rbind(c(1, 0, 0), 0)
one <- matrix(1, 2, 1)
value <- function(n, decay, w = ones) step(w, one[1:n, , drop = FALSE], rep(0, n), decay, iterations = 0)$value
cell("loss", c("mean", "sum")[round(value(2, 0) / value(1, 0))])
cell("penalty", paste(value(1, 1) - value(1, 0), if (value(2, 1) - value(2, 0) > 0.9) "λΣW²" else "λΣW² / N"))
cell("biases", if (value(1, 1, ones[2:1, ]) > value(1, 0, ones[2:1, ]) + 0.5) "yes" else "no")
fresh <- nnet(matrix(1, 2, 100), class.ind(c("a", "b")), size = 9, maxit = 0, trace = FALSE)$wts
cell("first", sprintf("%s, at most %.1f; biases too", if (max(fresh) < 1.8 * sd(fresh)) "uniform" else "normal", max(abs(fresh))))
sorted <- function(...) paste(levels(factor(c(...))), collapse = " ")
cell("classes", paste(sorted("b", "B"), sorted("10", "9"), sep = "; "))
cell("deviation", if (attr(scale(c(0, 2)), "scaled:scale") == 1) "N" else "N − 1")
cell("iris", paste(apply(iris[c(35, 38), 1:4], 1, paste, collapse = ","), collapse = "; "))
tied <- step(0 * ones, one, c(0, 0), 0, iterations = 0)
cell("ties", paste(sort(unique(c(replicate(99, predict(tied, one, type = "class"))))), collapse = " or "))
cell("report", if (step(ones, one[1, , drop = FALSE], 0, 0)$value == value(1, 0)) "before" else "after")
cell("certain", value(1, 0, rbind(c(0, 1000, 0), 0)))
cell("precision", typeof(fresh))
