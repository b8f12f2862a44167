#include "app/tool.h"

#define TOOL_LIST(name) &name##_tool,
const struct tool *const tools[] = {TOOLS(TOOL_LIST) NULL};
#undef TOOL_LIST
