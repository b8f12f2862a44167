#include "schedules/schedule.h"

#include <stddef.h>
#include <string.h>

#define SCHEDULE_LIST(name) &name##_schedule,
static const struct schedule *const schedules[] = {SCHEDULES(SCHEDULE_LIST)};
#undef SCHEDULE_LIST

const struct schedule *schedule_find(const char *name) {
  for (size_t i = 0; i < sizeof schedules / sizeof schedules[0]; i++) {
    if (strcmp(schedules[i]->name, name) == 0) {
      return schedules[i];
    }
  }
  return NULL;
}
