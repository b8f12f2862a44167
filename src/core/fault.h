/* How a function says that it failed, and why: it returns a status and fills the caller's fault. */
#pragma once

enum status {
  STATUS_OK = 0,
  STATUS_FAILED = 1, /* the job could not be done, or its answer is wrong; exit code 1 */
  STATUS_USAGE = 2,  /* the user can mend it: bad input, a file that is not there; exit code 2 */
};

struct fault {
  enum status status;
  char text[512]; /* one line, no newline, no program name */
};

/* Fill *fault (printf-like, cut to fit, control characters made blanks) and return status, for
   `return fault_set(...)`. */
enum status fault_set(struct fault *fault, enum status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
