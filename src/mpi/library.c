#include "mpi/library.h"

#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef OPEN_MPI
static bool begin(void) {
  int provided;
  return MPI_T_init_thread(MPI_THREAD_SINGLE, &provided) == MPI_SUCCESS;
}

static void end(void) {
  MPI_T_finalize();
}

static bool has_variable(const char *name) {
  int index;
  return MPI_T_cvar_get_index(name, &index) == MPI_SUCCESS;
}

struct variable {
  MPI_T_cvar_handle handle;
  MPI_Datatype type;
  MPI_T_enum choices;
  int count; /* of elements */
};

static bool open_variable(const char *name, struct variable *variable) {
  int index;
  int verbosity;
  int binding;
  int scope;
  char own_name[128];
  int length = sizeof own_name;
  int no_text = 0;
  return MPI_T_cvar_get_index(name, &index) == MPI_SUCCESS &&
         MPI_T_cvar_get_info(index, own_name, &length, &verbosity, &variable->type,
                             &variable->choices, NULL, &no_text, &binding, &scope) == MPI_SUCCESS &&
         MPI_T_cvar_handle_alloc(index, NULL, &variable->handle, &variable->count) == MPI_SUCCESS;
}

static void read_text(const char *name, char *value, size_t size) {
  struct variable variable;
  if (open_variable(name, &variable)) {
    char *text = variable.type == MPI_CHAR ? calloc(1, (size_t)variable.count + 1) : NULL;
    if (text != NULL && MPI_T_cvar_read(variable.handle, text) == MPI_SUCCESS) {
      snprintf(value, size, "%s", text);
    }
    free(text);
    MPI_T_cvar_handle_free(&variable.handle);
  }
}

static bool is_chosen(const struct variable *variable, const char *choice) {
  int value;
  int count = 0;
  char name[64];
  int length = sizeof name;
  bool found = false;
  if (variable->type != MPI_INT || variable->choices == MPI_T_ENUM_NULL ||
      MPI_T_cvar_read(variable->handle, &value) != MPI_SUCCESS ||
      MPI_T_enum_get_info(variable->choices, &count, name, &length) != MPI_SUCCESS) {
    return false;
  }
  for (int i = 0; i < count && !found; i++) {
    int item;
    length = sizeof name;
    found = MPI_T_enum_get_item(variable->choices, i, &item, name, &length) == MPI_SUCCESS &&
            item == value && strcmp(name, choice) == 0;
  }
  return found;
}

/* Whether a control variable has the choice of that name. */
static bool has_choice(const char *name, const char *choice) {
  struct variable variable;
  bool chosen = false;
  if (open_variable(name, &variable)) {
    chosen = is_chosen(&variable, choice);
    MPI_T_cvar_handle_free(&variable.handle);
  }
  return chosen;
}
#else
static bool begin(void) {
  return false;
}

static void end(void) {}

static bool has_variable(const char *name) {
  (void)name;
  return false;
}

static void read_text(const char *name, char *value, size_t size) {
  (void)name, (void)value, (void)size;
}

static bool has_choice(const char *name, const char *choice) {
  (void)name, (void)choice;
  return false;
}
#endif

bool library_has_variable(const char *name) {
  if (!begin()) {
    return false;
  }
  bool found = has_variable(name);
  end();
  return found;
}

bool library_is_open_mpi_4(void) {
  char text[MPI_MAX_LIBRARY_VERSION_STRING];
  int length;
  return MPI_Get_library_version(text, &length) == MPI_SUCCESS &&
         strncmp(text, "Open MPI v4.", 12) == 0;
}

struct plugin {
  const char *name;
  const char *variable; /* which it has while it is in use */
};

static const char *find_plugin(const struct plugin *plugins, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (has_variable(plugins[i].variable)) {
      return plugins[i].name;
    }
  }
  return "";
}

static const char *find_transport(bool within_host) {
  /* The layers that carry everything come first; under ob1 there is a plug-in for each way. */
  static const struct plugin whole[] = {{"ucx", "pml_ucx_priority"}};
  static const struct plugin matching[] = {{"psm2", "mtl_psm2_priority"},
                                           {"ofi", "mtl_ofi_priority"},
                                           {"portals4", "mtl_portals4_priority"}};
  static const struct plugin within[] = {{"vader", "btl_vader_exclusivity"},
                                         {"sm", "btl_sm_exclusivity"},
                                         {"tcp", "btl_tcp_exclusivity"}};
  static const struct plugin between[] = {
      {"openib", "btl_openib_exclusivity"}, {"ugni", "btl_ugni_exclusivity"},
      {"usnic", "btl_usnic_exclusivity"},   {"uct", "btl_uct_exclusivity"},
      {"tcp", "btl_tcp_exclusivity"},
  };
  const char *found = find_plugin(whole, sizeof whole / sizeof whole[0]);
  if (found[0] != '\0') {
    return found;
  }
  if (has_variable("pml_cm_priority")) {
    return find_plugin(matching, sizeof matching / sizeof matching[0]);
  }
  return within_host ? find_plugin(within, sizeof within / sizeof within[0])
                     : find_plugin(between, sizeof between / sizeof between[0]);
}

/* A plug-in's variables do not tell that it is used: those that were not chosen keep theirs. */
static bool copies_directly(const char *within_host) {
  if (strcmp(within_host, "vader") == 0) { /* Open MPI 4 */
    return has_choice("btl_vader_single_copy_mechanism", "cma");
  }
  /* Open MPI 5 prefers the others, which need a module of the kernel. */
  return strcmp(within_host, "sm") == 0 && has_variable("smsc_cma_priority") &&
         !has_variable("smsc_xpmem_priority") && !has_variable("smsc_knem_priority");
}

void library_look(struct library *library) {
  *library = (struct library){.within_host = "", .between_hosts = ""};
  if (begin()) {
    read_text("osc", library->osc, sizeof library->osc);
    library->within_host = find_transport(true);
    library->between_hosts = find_transport(false);
    library->copies_directly = copies_directly(library->within_host);
    end();
  }
}
