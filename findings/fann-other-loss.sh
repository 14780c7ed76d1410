#!/usr/bin/env bash
# FANN does not descend the error that it prints.
#
# By default it trains with FANN_ERRORFUNC_TANH: the error d of an output enters the step as ln((1 + d)/(1 - d)), and as 17 when
# d is 1 or more. fann_get_MSE still gives the mean of d². For a linear unit a target 1.5 away and one 100 away lead to the same
# step, and one 0.5 away to 2.2 times that of the squared error. Seen with FANN 2.2.0, doublefann.
# Guess before: the step is that of the mean squared error, the only one that is printed.
# Here: a step of FANN is comparable with a hand-derived gradient only after fann_set_train_error_function(LINEAR).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
command -v gcc > /dev/null || exit 2
apt-get -qq -o APT::Sandbox::User=root download libfann2=2.2.0+ds-8 libfann-dev=2.2.0+ds-8 || exit 2
for package in *.deb; do dpkg -x "$package" . || exit 2; done
cat > step.c <<'C'
#include <doublefann.h>
#include <math.h>
#include <stdio.h>
static double step(double distance, int error_function) {
    struct fann *unit = fann_create_standard(2, 1, 1);
    struct fann_connection weights[2];
    double input = 1, target = distance;
    if (error_function >= 0) fann_set_train_error_function(unit, error_function);
    fann_set_activation_function_output(unit, FANN_LINEAR);
    fann_set_activation_steepness_output(unit, 1);
    fann_set_training_algorithm(unit, FANN_TRAIN_INCREMENTAL);
    fann_set_learning_rate(unit, 1);
    fann_get_connection_array(unit, weights);
    for (int i = 0; i < 2; i++) fann_set_weight(unit, weights[i].from_neuron, weights[i].to_neuron, 0);
    fann_train(unit, &input, &target);
    double printed = fann_get_MSE(unit);
    fann_get_connection_array(unit, weights);
    printf("distance %5.1f: MSE %8.2f, step %8.4f\n", distance, printed, weights[0].weight);
    return weights[0].weight;
}
int main(void) {
    puts("by default:");
    double half = step(0.5, -1), far = step(1.5, -1), farther = step(100, -1);
    puts("with FANN_ERRORFUNC_LINEAR:");
    double linear = step(0.5, FANN_ERRORFUNC_LINEAR), linear_farther = step(100, FANN_ERRORFUNC_LINEAR);
    return !(fabs(half - log(3)) < 1e-9 && far == 17 && farther == 17 && linear == 0.5 && linear_farther == 100);
}
C
library=$(dirname "$(find . -name libdoublefann.so.2)")
gcc -Iusr/include step.c -L"$library" -ldoublefann -lm -o step
dpkg-deb -W libfann2_*.deb
LD_LIBRARY_PATH=$library ./step
