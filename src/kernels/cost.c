#include "kernels/cost.h"

#include <stddef.h>
#include <string.h>

#include "core/number.h"
#include "kernels/natural_log.h"
#include "kernels/philox.h"

/* A number between 0 and 1, neither of which comes out, drawn for the task. */
static double draw(uint64_t seed, uint64_t task) {
  /* A key of its own, so that these draws are not those of pi under the same seed. */
  struct philox_block block = philox_block(seed ^ UINT64_C(0x636f73746f667421), task);
  uint64_t bits = ((uint64_t)block.word[1] << 32 | block.word[0]) >> 12;
  return ((double)bits + 0.5) * 0x1p-52;
}

static double fixed(uint64_t seed, uint64_t task, uint64_t tasks) {
  (void)seed, (void)task, (void)tasks;
  return 1;
}

static double uniform(uint64_t seed, uint64_t task, uint64_t tasks) {
  (void)tasks;
  return 0.5 + draw(seed, task);
}

static double exponential(uint64_t seed, uint64_t task, uint64_t tasks) {
  (void)tasks;
  return -natural_log(draw(seed, task));
}

static double bimodal(uint64_t seed, uint64_t task, uint64_t tasks) {
  (void)tasks;
  return draw(seed, task) < 0.01 ? 100 : 1;
}

static double increasing(uint64_t seed, uint64_t task, uint64_t tasks) {
  (void)seed;
  return tasks == 1 ? 1 : 2 * (double)task / (double)(tasks - 1);
}

static const struct {
  const char *name;
  double (*relative)(uint64_t seed, uint64_t task, uint64_t tasks);
} distributions[] = {
    {"uniform", uniform},
    {"exponential", exponential},
    {"bimodal", bimodal},
    {"increasing", increasing},
};

enum status cost_parse(const char *text, struct cost *cost, struct fault *fault) {
  const char *time = text;
  struct cost parsed = {.relative = fixed};
  const char *colon = strchr(text, ':');
  if (colon != NULL) {
    size_t length = (size_t)(colon - text);
    time = colon + 1;
    parsed.relative = NULL;
    for (size_t i = 0; i < sizeof distributions / sizeof distributions[0]; i++) {
      const char *name = distributions[i].name;
      if (strlen(name) == length && strncmp(name, text, length) == 0) {
        parsed.relative = distributions[i].relative;
      }
    }
  }
  enum number_result result = number_parse_time(time, &parsed.seconds);
  bool known = parsed.relative != NULL;
  if (!known || result == NUMBER_MALFORMED || result == NUMBER_UNITLESS) {
    bool unitless = known && result == NUMBER_UNITLESS;
    char example[NUMBER_TEXT];
    return fault_set(fault, STATUS_USAGE,
                     "--cost: '%s' %s: accepted are times such as %s, 10us, 5ms or 1min, alone or "
                     "after uniform:, exponential:, bimodal: or increasing:",
                     text, unitless ? number_complaint(result) : "is not a cost",
                     number_time_example(time, result, example));
  }
  if (result != NUMBER_OK || parsed.seconds > COST_LONGEST_SECONDS) {
    return fault_set(fault, STATUS_USAGE, "--cost: '%s' is too large: accepted are times up to %ds",
                     text, (int)COST_LONGEST_SECONDS);
  }
  *cost = parsed;
  return STATUS_OK;
}

double cost_of(const struct cost *cost, uint64_t seed, uint64_t task, uint64_t tasks) {
  return cost->seconds * cost->relative(seed, task, tasks);
}
