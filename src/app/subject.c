#include "app/subject.h"

#include <string.h>

/* What concerns the launch or the output concerns probes as well; how work is handed out, which is
   what the others are about, is each probe's own affair. */
static const char *const heeded_by_all[] = {"--seed", "--format", "--output", "--json", NULL};

struct subject subject_of_workload(const struct workload *workload) {
  return (struct subject){
      .workload = workload,
      .name = workload->name,
      .summary = workload->summary,
      .item = workload->item,
      .example = workload->example,
      .options = workload->options,
      .parameters_size = workload->parameters_size,
      .validate = workload->validate,
      .tabulate = workload->tabulate,
      .list_wanted = workload->list_wanted,
      .brief = workload->brief,
  };
}

struct subject subject_of_probe(const struct probe *probe) {
  return (struct subject){
      .probe = probe,
      .name = probe->name,
      .summary = probe->summary,
      .item = probe->item,
      .example = probe->example,
      .options = probe->options,
      .parameters_size = probe->parameters_size,
      .validate = probe->validate,
      .tabulate = probe->tabulate,
      .list_wanted = probe->list_wanted,
      .brief = probe->brief,
  };
}

struct subject subject_of_tool(const struct tool *tool) {
  return (struct subject){
      .tool = tool,
      .name = tool->name,
      .summary = tool->summary,
      .example = tool->example,
      .options = tool->options,
      .parameters_size = tool->parameters_size,
      .validate = tool->validate,
  };
}

bool subject_at(size_t index, struct subject *subject) {
  size_t at = 0;
  for (const struct workload *const *workload = workloads; *workload != NULL; workload++, at++) {
    if (at == index) {
      *subject = subject_of_workload(*workload);
      return true;
    }
  }
  for (const struct probe *const *probe = probes; *probe != NULL; probe++, at++) {
    if (at == index) {
      *subject = subject_of_probe(*probe);
      return true;
    }
  }
  for (const struct tool *const *tool = tools; *tool != NULL; tool++, at++) {
    if (at == index) {
      *subject = subject_of_tool(*tool);
      return true;
    }
  }
  return false;
}

bool subject_find(const char *name, struct subject *subject) {
  struct subject candidate;
  for (size_t i = 0; subject_at(i, &candidate); i++) {
    if (strcmp(candidate.name, name) == 0) {
      *subject = candidate;
      return true;
    }
  }
  return false;
}

static bool is_among(const char *name, const char *const *names) {
  while (names != NULL && *names != NULL) {
    if (strcmp(name, *names++) == 0) {
      return true;
    }
  }
  return false;
}

bool subject_heeds(const struct subject *subject, const char *option) {
  if (subject->tool != NULL) {
    return is_among(option, subject->tool->heeds);
  }
  return subject->probe == NULL || is_among(option, heeded_by_all) ||
         is_among(option, subject->probe->heeds);
}
