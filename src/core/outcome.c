#include "core/outcome.h"

void outcome_init(struct outcome *outcome) {
  *outcome = (struct outcome){.answer = json_object(), .facts = json_object()};
}

void outcome_free(struct outcome *outcome) {
  json_decref(outcome->answer);
  json_decref(outcome->facts);
  *outcome = (struct outcome){0};
}
