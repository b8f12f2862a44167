/* Running a test under every instruction set that the CPU has. */
#pragma once

#include <stdio.h>
#include <stdlib.h>

#include "kernels/isa.h"

/* Switch to isa; false, with the reason printed, where the CPU lacks it. */
static inline int use_isa(enum isa isa) {
  struct fault fault;
  setenv("PARBENCH_ISA", isa_name(isa), 1);
  int good = isa_choose(&fault) == STATUS_OK;
  unsetenv("PARBENCH_ISA");
  if (!good) {
    printf("skipped for %s: %s\n", isa_name(isa), fault.text);
  }
  return good;
}
