/* kernels [GROUP...]: each kernel against its reference loops and against the peers that are
   installed. Run by ./dev bench; PARBENCH_ISA chooses the instruction set. */
#include <stdio.h>
#include <string.h>

#include "bench/bench.h"
#include "kernels/isa.h"

struct group {
  const char *name;
  void (*run)(void);
};

#define BENCH_LIST(name) {#name, bench_##name},
static const struct group groups[] = {BENCHES(BENCH_LIST)};
#undef BENCH_LIST

int main(int argc, char **argv) {
  struct fault fault;
  if (isa_choose(&fault) != STATUS_OK) {
    fprintf(stderr, "kernels: %s\n", fault.text);
    return 2;
  }
  printf(
      "instruction set: %s; one core; median of 9, A and B alternating; ratio = reference / ours\n",
      isa_name(isa_current()));
  printf("%-28s %-34s %9s %9s %8s  %14s %7s %-5s %7s\n", "kernel", "against", "ours ns", "ref ns",
         "ratio", "range", "wanted", "", "bound ns");
  for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
    int wanted = argc == 1;
    for (int a = 1; a < argc; a++) {
      wanted |= strcmp(argv[a], groups[i].name) == 0;
    }
    if (wanted) {
      groups[i].run();
    }
  }
  return 0;
}
