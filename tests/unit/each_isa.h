/* Running a check on every instruction set that this CPU has. */
#pragma once

#include <stdio.h>
#include <stdlib.h>

#include "kernels/isa.h"

/* Calls check() once for each; prints which are left out, and why. Leaves the best one chosen. */
static inline void on_each_isa(void (*check)(void)) {
  struct fault fault;
  for (enum isa isa = ISA_BASELINE; isa <= ISA_V4; isa++) {
    setenv("PARBENCH_ISA", isa_name(isa), 1);
    if (isa_choose(&fault) == STATUS_OK) {
      check();
    } else {
      printf("left out: %s\n", fault.text);
    }
  }
  unsetenv("PARBENCH_ISA");
  isa_choose(&fault);
}
