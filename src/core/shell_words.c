#include "core/shell_words.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/secret.h"
#include "core/text.h"

static bool add(struct text *text, const char *bytes, size_t length) {
  if (!text_reserve(text, length)) {
    return false;
  }
  if (length > 0) { /* else there may be no room at all to copy to */
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
  }
  return true;
}

static bool add_plain(struct text *text, const char *word) {
  return add(text, word, strlen(word));
}

/* No character means anything to a shell. An equals sign does not in an option (--chunk=8), but may
   in other words. */
static bool needs_no_quotes(const char *word) {
  static const char harmless[] = "=abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                 "_@%+:,./-^";
  return *word != '\0' && word[strspn(word, word[0] == '-' ? harmless : harmless + 1)] == '\0';
}

/* As JSON must be. */
static bool is_utf8(const char *word) {
  json_t *text = json_string(word);
  bool valid = text != NULL;
  json_decref(text);
  return valid;
}

static bool add_quoted(struct text *text, const char *word) {
  bool good = add_plain(text, "'");
  for (const char *at = word; good && *at != '\0'; at++) {
    good = *at == '\'' ? add_plain(text, "'\\''") : add(text, at, 1);
  }
  return good && add_plain(text, "'");
}

static bool add_bytes(struct text *text, const char *word) {
  bool good = add_plain(text, "$'");
  for (const char *at = word; good && *at != '\0'; at++) {
    char code[8];
    bool plain = *at >= ' ' && *at < 0x7f && *at != '\'' && *at != '\\';
    snprintf(code, sizeof code, "\\%03o", (unsigned)(unsigned char)*at);
    good = plain ? add(text, at, 1) : add_plain(text, code);
  }
  return good && add_plain(text, "'");
}

static bool add_word(struct text *text, const char *word) {
  return needs_no_quotes(word) ? add_plain(text, word)
         : is_utf8(word)       ? add_quoted(text, word)
                               : add_bytes(text, word);
}

char *shell_words_join(const char *const *words) {
  struct text text = {0};
  bool good = true;
  for (size_t i = 0; good && words[i] != NULL; i++) {
    good = add_plain(&text, i == 0 ? "" : " ") &&
           (secret_in_text(words[i]) ? add_plain(&text, "***") : add_word(&text, words[i]));
  }
  good = good && add(&text, "", 1);
  if (!good) {
    text_free(&text);
  }
  return text.bytes;
}
