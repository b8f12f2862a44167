/* Commands that work on result files: they need no ranks and start no MPI. */
#pragma once

#include <stddef.h>

#include "core/fault.h"
#include "core/options.h"

struct common;

struct tool {
  const char *name, *summary, *example;
  const struct option_row *options;
  size_t parameters_size;
  const char *const *heeds; /* those of every job's options that mean something to it; NULL ends */
  /* What the rows cannot say; may be NULL. */
  enum status (*validate)(void *parameters, struct fault *fault);
  /* One process. *code, 0 before, is the exit code where the tool could do its work. */
  enum status (*run)(const void *parameters, const struct common *common, int *code,
                     struct fault *fault);
};

/* The registry: one word a tool. */
#define TOOLS(X) X(compare) X(plot)
#define TOOL_DECLARE(name) extern const struct tool name##_tool;
TOOLS(TOOL_DECLARE)
#undef TOOL_DECLARE

extern const struct tool *const tools[]; /* ends with NULL */
