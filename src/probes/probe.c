#include "probes/probe.h"

#define PROBE_LIST(name) &name##_probe,
const struct probe *const probes[] = {PROBES(PROBE_LIST) NULL};
#undef PROBE_LIST
