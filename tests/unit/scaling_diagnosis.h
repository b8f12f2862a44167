/* For tests of the paragraph that is made of a scaled job: it says what it should, and its shares
   add up. */
#pragma once

#include "unit/scaling_points.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char text[SCALING_TEXT];

/* All shares that the paragraph prints, losses less gains, against what they should explain. */
static inline double printed_losses(void) {
  double sum = 0;
  const char *gained = strstr(text, "Gained");
  const char *against = strstr(text, "Set against");
  const char *in_return = strstr(text, "Gained in return");
  for (const char *at = strstr(text, " %: "); at != NULL; at = strstr(at + 1, " %: ")) {
    const char *number = at;
    while (number[-1] != ' ') {
      number--;
    }
    bool is_gain = in_return != NULL
                       ? at > in_return
                       : gained != NULL && at > gained && (against == NULL || at < against);
    sum += (is_gain ? -1 : 1) * strtod(number, NULL);
  }
  return sum / 100;
}

/* Whatever is said, it adds up: in the figures exactly, in the text as far as it is rounded. */
static inline void diagnose(void) {
  scaling_diagnose(&scaling, text, sizeof text);
  print_message("%s\n", text);
  const struct scaling_point *point = scaling_largest(&scaling);
  if (point == NULL) {
    return;
  }
  struct scaling_losses losses = scaling_losses_of(&scaling, point);
  double sum = losses.efficiency;
  for (size_t i = 0; i < SCALING_LOSSES; i++) {
    sum += losses.share[i];
  }
  assert_true(fabs(sum - 1) < 1e-12);
  if (strstr(text, "othing worth a word") == NULL) {
    assert_true(fabs(printed_losses() - (1 - losses.efficiency)) < 0.005);
  }
  if (losses.efficiency >= 1) {
    assert_null(strstr(text, "Lost"));
  }
}

static inline void assert_says(const char *expected) {
  diagnose();
  assert_non_null(strstr(text, expected));
}

static inline void assert_silent_on(const char *unexpected) {
  assert_null(strstr(text, unexpected));
}

/* One loss, and nothing else. */
static inline void assert_only(const char *expected) {
  char sentence[512];
  snprintf(sentence, sizeof sentence, "Lost in a typical run: %s.", expected);
  assert_says(sentence);
  assert_null(strchr(text, ';'));
  assert_silent_on("Gained");
}
