#include "kernels/isa.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {"baseline", "v3", "v4"};
static enum isa current = ISA_BASELINE;

enum isa isa_current(void) {
  return current;
}

const char *isa_name(enum isa isa) {
  return names[isa];
}

static bool cpu_has(enum isa isa) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  /* The features one by one: gcc 12 and clang 14 do not know "x86-64-v3" here. */
  bool v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
            __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
            __builtin_cpu_supports("popcnt");
  bool v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
            __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
            __builtin_cpu_supports("avx512vl");
  return isa == ISA_BASELINE || (isa == ISA_V3 && v3) || (isa == ISA_V4 && v4);
#else
  return isa == ISA_BASELINE;
#endif
}

enum status isa_choose(struct fault *fault) {
  const char *wanted = getenv("PARBENCH_ISA");
  for (enum isa isa = ISA_BASELINE; isa <= ISA_V4; isa++) {
    if (wanted != NULL && strcmp(wanted, names[isa]) == 0) {
      if (!cpu_has(isa)) {
        return fault_set(fault, STATUS_USAGE,
                         "PARBENCH_ISA: this CPU lacks the instructions of '%s'", wanted);
      }
      current = isa;
      return STATUS_OK;
    }
    if (wanted == NULL && cpu_has(isa)) {
      current = isa;
    }
  }
  if (wanted != NULL) {
    return fault_set(fault, STATUS_USAGE,
                     "PARBENCH_ISA: '%s' is unknown: accepted are baseline, v3 and v4", wanted);
  }
  return STATUS_OK;
}
