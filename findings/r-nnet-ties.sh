#!/usr/bin/env bash
# R's nnet answers a tie at random, and calls it a tie up to a part in 100 000.
#
# predict(…, type = "class") takes the class from max.col, whose ties are decided by R's random numbers, and probabilities
# that differ by up to 1e-5 of the largest are a tie to it. The same network and the same row, asked 200 times, give both
# classes, also for 0.500001 against 0.499999. With two classes and one output, or multinom, 0.5 is the first class instead.
# Seen with nnet 7.3-18 and R 4.2.2. Guess before: the first of the largest, at each call the same.
# Here: four points of XOR tie in 1a; accuracies by nnet of such a network differ from call to call.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
Rscript --version || exit 2
(cd "$folder" && apt-get -qq -o APT::Sandbox::User=root download r-cran-nnet=7.3-18-1 && dpkg -x r-cran-nnet_*.deb .) || exit 2
cat > "$folder/tie.R" <<'R'
library(nnet, lib.loc = commandArgs(TRUE))
cat("nnet", as.character(packageVersion("nnet", commandArgs(TRUE))), "\n")
x <- rbind(c(0, 0), c(0, 1), c(1, 0), c(1, 1))
network <- nnet(x, class.ind(c("a", "b", "b", "a")), size = 1, softmax = TRUE, rang = 0, maxit = 0, trace = FALSE)
network$lev <- c("a", "b")
asked <- function(difference) {
  network$wts[] <- 0
  network$wts[4] <- difference # the bias of class a
  cat(sprintf("p = %.7f for a, %.7f for b: ", predict(network, x)[1, 1], predict(network, x)[1, 2]))
  answers <- replicate(200, predict(network, x, type = "class")[1])
  print(table(answers)[c("a", "b")])
  length(unique(answers))
}
stopifnot(asked(0) == 2, asked(4e-6) == 2)
R
Rscript "$folder/tie.R" "$folder/usr/lib/R/library"
