/* Nonblocking collectives for the simulation, as Open MPI 4 has them for small data: a
   dissemination barrier, a binomial broadcast, and an allreduce of a binomial reduction and a
   broadcast. (D. Hensgen, R. Finkel, U. Manber, Two algorithms for barrier synchronization, Int. J.
   Parallel Programming 17(1), 1988; T. Hoefler, A. Lumsdaine, W. Rehm, Implementation and
   performance analysis of non-blocking collective operations for MPI, SC07.) As in a library
   without a thread of its own, they move on only when the rank calls MPI.

   Their messages do not go through the simulator's network, which takes long to simulate: each
   arrives after a latency, its bytes over the bandwidth, and overheads of its sender and receiver,
   during which these handle no other message (D. Culler et al., LogP, PPoPP 1993). tests/scale/
   cluster.py gives the simulator's own messages the same figures. */
#include <simgrid/actor.h>
#include <simgrid/engine.h>
#include <simgrid/host.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Seconds, and bytes a second. */
static const double LATENCY = 2e-6;
static const double LATENCY_IN_NODE = 0.3e-6;
static const double BANDWIDTH = 12.5e9;
static const double OVERHEAD = 0.5e-6;
static const double LOOK = 1e-6; /* a test of requests, whatever it finds */

enum { MAX_STEPS = 96, MAX_COMMUNICATORS = 8 };

enum deed { SEND, RECEIVE, ADD /* receive, and apply the operation */ };

struct step {
  enum deed what;
  int peer;
};

/* A communicator's members, the same object for all of them: ranks are threads of one process. */
struct group {
  int size;
  struct process *member[];
};

struct message {
  struct message *next;
  const struct group *group;
  int number, source;
  double arrives;
  char bytes[];
};

struct collective {
  struct collective *next;
  const struct group *group;
  int rank;
  int number; /* the group's n-th: all ranks count alike, so it tells their messages apart */
  void *buffer, *incoming; /* incoming: what ADD receives */
  int count;
  size_t size;
  MPI_Datatype type;
  MPI_Op op;
  struct step steps[MAX_STEPS];
  int length, done; /* steps */
};

struct communicator {
  MPI_Comm comm;
  const struct group *group;
  int rank, collectives;
};

struct process {
  sg_host_t host;
  double handled; /* when the last message was */
  struct message *arriving;
  struct collective *active;
  struct communicator communicators[MAX_COMMUNICATORS];
};

static struct process
    *processes; /* by the simulator's number of the process, which counts from 1 */

static void *memory(size_t size) {
  void *bytes = calloc(1, size > 0 ? size : 1);
  if (bytes == NULL) {
    fprintf(stderr, "simulated collectives: out of memory\n");
    abort();
  }
  return bytes;
}

static struct process *this_process(void) {
  return &processes[sg_actor_get_pid(sg_actor_self())];
}

static struct communicator *find(struct process *process, MPI_Comm comm) {
  for (int i = 0; i < MAX_COMMUNICATORS; i++) {
    if (process->communicators[i].comm == comm) {
      return &process->communicators[i];
    }
  }
  fprintf(stderr, "simulated collectives: an unknown communicator, or too many\n");
  abort();
}

/* Collective over the new communicator. */
static void enter(MPI_Comm comm) {
  int rank;
  int size;
  int ranks;
  struct group *group = NULL;
  PMPI_Comm_size(MPI_COMM_WORLD, &ranks);
  PMPI_Comm_rank(comm, &rank);
  PMPI_Comm_size(comm, &size);
  if (processes == NULL) {
    processes = memory(((size_t)ranks + 1) * sizeof *processes);
  }
  if (rank == 0) {
    group = memory(sizeof *group + (size_t)size * sizeof(struct process *));
    group->size = size;
  }
  PMPI_Bcast(&group, sizeof(struct group *), MPI_BYTE, 0, comm);
  struct process *process = this_process();
  process->host = sg_host_self();
  group->member[rank] = process;
  *find(process, MPI_COMM_NULL) = (struct communicator){comm, group, rank, 0};
  PMPI_Barrier(comm);
}

int simulated_comm_dup(MPI_Comm comm, MPI_Comm *copy) {
  int code = PMPI_Comm_dup(comm, copy);
  enter(*copy);
  return code;
}

int simulated_comm_split(MPI_Comm comm, int color, int key, MPI_Comm *part) {
  int code = PMPI_Comm_split(comm, color, key, part);
  if (*part != MPI_COMM_NULL) {
    enter(*part);
  }
  return code;
}

int simulated_comm_split_type(MPI_Comm comm, int type, int key, MPI_Info info, MPI_Comm *part) {
  int code = PMPI_Comm_split_type(comm, type, key, info, part);
  enter(*part);
  return code;
}

int simulated_comm_free(MPI_Comm *comm) {
  find(this_process(), *comm)->comm = MPI_COMM_NULL;
  return PMPI_Comm_free(comm);
}

static double later(double a, double b) {
  return a > b ? a : b;
}

static void send(const struct collective *c, int to) {
  struct process *here = c->group->member[c->rank];
  struct process *there = c->group->member[to];
  struct message *message = memory(sizeof *message + c->size);
  here->handled = later(here->handled, simgrid_get_clock()) + OVERHEAD;
  message->arrives = here->handled + (here->host == there->host ? LATENCY_IN_NODE : LATENCY) +
                     (double)c->size / BANDWIDTH;
  message->group = c->group;
  message->number = c->number;
  message->source = c->rank;
  memcpy(message->bytes, c->buffer, c->size);
  message->next = there->arriving;
  there->arriving = message;
}

static bool receive(const struct collective *c, int from, void *into) {
  struct process *here = c->group->member[c->rank];
  double now = simgrid_get_clock();
  for (struct message **link = &here->arriving; *link != NULL; link = &(*link)->next) {
    struct message *message = *link;
    if (message->group == c->group && message->number == c->number && message->source == from) {
      if (later(message->arrives, here->handled) + OVERHEAD > now) {
        return false;
      }
      here->handled = later(message->arrives, here->handled) + OVERHEAD;
      memcpy(into, message->bytes, c->size);
      *link = message->next;
      free(message);
      return true;
    }
  }
  return false;
}

/* As many steps as can be done without waiting. */
static void advance(struct collective *c) {
  for (; c->done < c->length; c->done++) {
    struct step step = c->steps[c->done];
    if (step.what == SEND) {
      send(c, step.peer);
    } else if (!receive(c, step.peer, step.what == ADD ? c->incoming : c->buffer)) {
      return;
    } else if (step.what == ADD) {
      PMPI_Reduce_local(c->incoming, c->buffer, c->count, c->type, c->op);
    }
  }
}

static struct collective *start(MPI_Comm comm, void *buffer, int count, MPI_Datatype type,
                                MPI_Request *request) {
  int size = 0;
  struct process *process = this_process();
  struct communicator *communicator = find(process, comm);
  struct collective *c = memory(sizeof *c);
  if (count > 0) {
    PMPI_Type_size(type, &size);
  }
  *c = (struct collective){.next = process->active,
                           .group = communicator->group,
                           .rank = communicator->rank,
                           .number = communicator->collectives++,
                           .buffer = buffer,
                           .count = count,
                           .size = (size_t)size * (size_t)count,
                           .type = type};
  process->active = c;
  *request = (MPI_Request)(void *)c;
  return c;
}

/* The collective that a request stands for; NULL: it is one of the simulator's own. */
static struct collective **find_active(struct process *process, MPI_Request request) {
  struct collective **link = &process->active;
  while (*link != NULL && (void *)*link != (void *)request) {
    link = &(*link)->next;
  }
  return *link == NULL ? NULL : link;
}

static void add_step(struct collective *c, enum deed what, int peer) {
  c->steps[c->length++] = (struct step){what, peer};
}

static void plan_broadcast(struct collective *c, int root) {
  int size = c->group->size;
  int place = (c->rank - root + size) % size;
  int mask = 1;
  while (mask < size && (place & mask) == 0) {
    mask <<= 1;
  }
  if (place != 0) {
    add_step(c, RECEIVE, (place - mask + root) % size);
  }
  for (mask >>= 1; mask > 0; mask >>= 1) {
    if (place + mask < size) {
      add_step(c, SEND, (place + mask + root) % size);
    }
  }
}

static void plan_reduction(struct collective *c) {
  for (int mask = 1; mask < c->group->size; mask <<= 1) {
    if ((c->rank & mask) != 0) {
      add_step(c, SEND, c->rank - mask);
      return;
    }
    if (c->rank + mask < c->group->size) {
      add_step(c, ADD, c->rank + mask);
    }
  }
}

static void plan_barrier(struct collective *c) {
  int size = c->group->size;
  for (int distance = 1; distance < size; distance <<= 1) {
    add_step(c, SEND, (c->rank + distance) % size);
    add_step(c, RECEIVE, (c->rank - distance + size) % size);
  }
}

int simulated_ibarrier(MPI_Comm comm, MPI_Request *request) {
  struct collective *c = start(comm, NULL, 0, MPI_BYTE, request);
  plan_barrier(c);
  advance(c);
  return MPI_SUCCESS;
}

int simulated_ibcast(void *buffer, int count, MPI_Datatype type, int root, MPI_Comm comm,
                     MPI_Request *request) {
  struct collective *c = start(comm, buffer, count, type, request);
  plan_broadcast(c, root);
  advance(c);
  return MPI_SUCCESS;
}

int simulated_iallreduce(const void *in, void *out, int count, MPI_Datatype type, MPI_Op op,
                         MPI_Comm comm, MPI_Request *request) {
  struct collective *c = start(comm, out, count, type, request);
  c->op = op;
  c->incoming = memory(c->size);
  if (in != MPI_IN_PLACE) {
    memcpy(out, in, c->size);
  }
  plan_reduction(c);
  plan_broadcast(c, 0);
  advance(c);
  return MPI_SUCCESS;
}

static struct process *look(void) {
  simulated_time_passes(LOOK);
  struct process *process = this_process();
  for (struct collective *c = process->active; c != NULL; c = c->next) {
    advance(c);
  }
  return process;
}

int simulated_test(MPI_Request *request, int *flag, MPI_Status *status) {
  if (find_active(this_process(), *request) == NULL) {
    simulated_time_passes(LOOK);
    return PMPI_Test(request, flag, status);
  }
  return simulated_testall(1, request, flag, MPI_STATUSES_IGNORE);
}

/* Only mpi/wait.c probes, for what it has sent to itself, to let MPI look around: several times in
   a row, which takes as long as one look all together. One probe in eight pays for it. */
int simulated_iprobe(int source, int tag, MPI_Comm comm, int *flag, MPI_Status *status) {
  enum { PROBES_A_LOOK = 8 };
  static int probes;
  if (++probes == PROBES_A_LOOK) {
    probes = 0;
    look();
  }
  *flag = 0;
  return comm == MPI_COMM_SELF ? MPI_SUCCESS : PMPI_Iprobe(source, tag, comm, flag, status);
}

/* Of the simulator's own requests and of collectives, but not of both: the program never mixes
 * them.
 */
int simulated_testall(int count, MPI_Request *requests, int *flag, MPI_Status *statuses) {
  struct process *process = look();
  if (count == 0 || find_active(process, requests[0]) == NULL) {
    return PMPI_Testall(count, requests, flag, statuses);
  }
  *flag = 1;
  for (int i = 0; i < count; i++) {
    const struct collective *c = *find_active(process, requests[i]);
    *flag = *flag && c->done == c->length;
  }
  for (int i = 0; i < count && *flag; i++) {
    struct collective **link = find_active(process, requests[i]);
    struct collective *c = *link;
    *link = c->next;
    free(c->incoming);
    free(c);
    requests[i] = MPI_REQUEST_NULL;
  }
  return MPI_SUCCESS;
}
