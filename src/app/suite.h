/* What `parbench` alone measures: fixed jobs, so that runs on different machines can be compared.
 */
#pragma once

enum { SUITE_WORDS = 12 };

/* Each as typed after `parbench`, ending with NULL; the list ends with an empty one. */
extern const char *const suite_cases[][SUITE_WORDS];

/* Seconds that the whole suite may take, roughly: it sets the repeats, never the jobs. */
extern const double suite_seconds;
