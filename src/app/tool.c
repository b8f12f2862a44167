#include "app/tool.h"

#include <string.h>

#define TOOL_LIST(name) &name##_tool,
const struct tool *const tools[] = {TOOLS(TOOL_LIST) NULL};
#undef TOOL_LIST

const struct tool *tool_find(const char *name) {
  for (const struct tool *const *tool = tools; *tool != NULL; tool++) {
    if (strcmp((*tool)->name, name) == 0) {
      return *tool;
    }
  }
  return NULL;
}
