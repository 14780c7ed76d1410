# The runs whose bytes are compared, between builds by same-bits and between processors by other-processors; sourced.

programs=(prob1a prob1b prob1c prob1d prob2a prob2b)
# Ordinary runs, and runs that diverge or are odd: the sign of a NaN is not the same everywhere. Not for long: what
# differs at all differs soon, and emulated or without optimisation an epoch takes a hundred times as long.
runs=(
    "${programs[@]/%/ --epochs 300}"
    "prob1a --step-size 1e308 --epochs 50" "prob1b --step-size 1e300 --epochs 50" "prob1b --init 1e154 --epochs 50"
    "prob1c --step-size 1e150 --epochs 50" "prob1c --init 1e154 --epochs 50" "prob1c --init 1e200 --epochs 50"
    "prob1c --hidden 2 --step-size 5 --epochs 50" "prob1d --step-size 1e150 --hidden 16 --epochs 50"
    "prob1d --step-size 25 --reg 0.1 --hidden 16 --epochs 50" "prob2a --step-size 1e5 --epochs 20"
    "prob2a --step-size 1e300 --reg 0 --epochs 50" "prob2b --step-size 1e50 --epochs 50"
    "prob2b --step-size 2.5 --reg 1 --epochs 50"
    # Saved, and gone on with from the file.
    "prob2a --epochs 5 --save parameters" "prob2a --epochs 5 --load parameters --save parameters"
)

# run_all FOLDER BUILT [EMULATOR]: makes all runs with the programs in BUILT, and leaves what they write in FOLDER.
run_all() {
    local folder=$1 built=$2 emulator=${3:-} number=0 words run
    mkdir -p "$folder"
    for run in "${runs[@]}"; do
        read -ra words <<< "$run"
        number=$((number + 1))
        # A diverging run ends with status 1.
        (cd "$folder" && $emulator "$built/${words[0]}" "${words[@]:1}" --out "out$number" > "stdout$number" \
            2> "stderr$number") || (($? == 1))
    done
}
