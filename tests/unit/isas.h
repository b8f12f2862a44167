/* Running a check under every instruction set that the CPU has. */
#pragma once

#include <stdio.h>
#include <stdlib.h>

#include "kernels/isa.h"

/* Choose the instruction set; false, with the reason printed, when it cannot be had here. */
static inline bool isas_use(enum isa isa) {
  struct fault fault;
  setenv("PARBENCH_ISA", isa_name(isa), 1);
  enum status status = isa_choose(&fault);
  unsetenv("PARBENCH_ISA");
  if (status != STATUS_OK || isa_current() != isa) {
    printf("skipped on %s: %s\n", isa_name(isa), fault.text);
    return false;
  }
  return true;
}

/* The statement that follows runs once for each. */
#define FOR_EACH_ISA(isa)                                                                          \
  for (enum isa isa = ISA_BASELINE; isa <= ISA_V4; isa++)                                          \
    if (isas_use(isa))
