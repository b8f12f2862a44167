/* Which instruction set the hot loops use. There is one build; the files in kernels/clones/ are
   compiled once for each instruction set below, and the best one the CPU has is chosen at run time.
   All of them give the same bits.

   (gcc's target_clones is not used: it cannot be told at run time which clone to take, and gcc 12
   picks the default clone on CPUs that it does not know by name.) */
#pragma once

#include "core/fault.h"

enum isa {
  ISA_BASELINE, /* what every CPU of the architecture has: SSE2 on x86-64, NEON on aarch64 */
  ISA_V3,       /* x86-64-v3: AVX2, FMA, BMI2 */
  ISA_V4,       /* x86-64-v4: AVX-512 F, BW, CD, DQ, VL */
};

/* Choose: the best that the CPU has, or the one named by the environment variable PARBENCH_ISA
   (baseline, v3 or v4). Called once, before any kernel; without it kernels run on the baseline.
   STATUS_USAGE for an unknown name or one that the CPU lacks. */
enum status isa_choose(struct fault *fault);

enum isa isa_current(void);
const char *isa_name(enum isa isa); /* "baseline", "v3", "v4" */

/* DECLARE_CLONES(uint64_t, pi_hits, (uint64_t seed, ...)) declares pi_hits_baseline and the others;
   PICK_CLONE(pi_hits)(seed, ...) calls the one in use. */
#if defined(__x86_64__)
#define DECLARE_CLONES(type, name, parameters)                                                     \
  type name##_baseline parameters;                                                                 \
  type name##_v3 parameters;                                                                       \
  type name##_v4 parameters
#define PICK_CLONE(name)                                                                           \
  (isa_current() == ISA_V4 ? name##_v4 : isa_current() == ISA_V3 ? name##_v3 : name##_baseline)
#else
#define DECLARE_CLONES(type, name, parameters) type name##_baseline parameters
#define PICK_CLONE(name) name##_baseline
#endif

/* In a file of kernels/clones/: CLONE(pi_hits) is the name with this compilation's suffix. */
#ifdef CLONE_ISA
#define CLONE_JOIN(name, isa) name##_##isa
#define CLONE_EXPAND(name, isa) CLONE_JOIN(name, isa)
#define CLONE(name) CLONE_EXPAND(name, CLONE_ISA)
#endif
