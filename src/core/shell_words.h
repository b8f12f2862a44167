/* A command line as one text, for a result to say how it was made. */
#pragma once

/* The words up to a NULL, with blanks between them, so that bash reads the same words back: what
   need not be quoted is not, '...' around the rest, and $'...' around what is not UTF-8. Words
   that may hold a password (core/secret.h) are shown as ***. malloc'ed; NULL when memory lacks. */
char *shell_words_join(const char *const *words);
