/* Running a check under every instruction set that the CPU has. */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "kernels/isa.h"

/* Switch to isa; false, with the reason printed, where the CPU lacks it. */
static inline bool use_isa(enum isa isa) {
  struct fault fault;
  setenv("PARBENCH_ISA", isa_name(isa), 1);
  bool chosen = isa_choose(&fault) == STATUS_OK;
  unsetenv("PARBENCH_ISA");
  if (!chosen) {
    printf("skipped for %s: %s\n", isa_name(isa), fault.text);
  }
  return chosen;
}

/* The statement that follows runs once for each. */
#define FOR_EACH_ISA(isa)                                                                          \
  for (enum isa isa = ISA_BASELINE; isa <= ISA_V4; isa++)                                          \
    if (use_isa(isa))
