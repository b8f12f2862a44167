/* The ranks of a job and where they sit: the one place that starts and ends MPI.

   All functions here are collective (every rank calls them in the same order) unless they say
   otherwise. */
#pragma once

#include <mpi.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/fault.h"

enum { TEAM_LIBRARY_TEXT = MPI_MAX_LIBRARY_VERSION_STRING };

enum { TEAM_NODE_MEMORY = 4096, TEAM_FLAG_MEMORY = 64 };

struct team {
  int rank, size;
  MPI_Comm comm;         /* the pool's conversation: scatter, reductions, verdicts */
  MPI_Comm flag_comm;    /* the early-exit flag's own conversation */
  MPI_Comm node;         /* the ranks that share this one's memory */
  MPI_Comm leaders;      /* the first rank of every node; MPI_COMM_NULL on the others */
  MPI_Comm flag_leaders; /* the same ranks, for the flag */
  int node_rank, node_size;
  int node_leader;   /* the rank of this node's first one */
  void *node_memory; /* TEAM_NODE_MEMORY bytes that the ranks of a node share, 64-byte aligned; for
                        one job at a time */
  void *flag_memory; /* TEAM_FLAG_MEMORY bytes of the same kind, for the flag */
  MPI_Win node_window; /* holds both */
  int nodes;
  int largest_node;    /* the most ranks that a node has */
  int cores;           /* cores that the ranks may use, over all nodes */
  int node_cores;      /* of this node */
  int threads;         /* workers of each rank: 1, or as team_set_threads said (mpi/threads.h) */
  bool has_threads;    /* MPI allows threads that do not call it */
  bool oversubscribed; /* more workers than cores on some node */
  double clock_offset; /* clock_seconds() + clock_offset is comparable between hosts */
  char host[MPI_MAX_PROCESSOR_NAME];
  char cpu[128];                   /* rank 0's CPU model */
  char library[TEAM_LIBRARY_TEXT]; /* the MPI library, first line */
};

/* How long a rank expects to wait, which sets how rarely it looks. */
enum patience {
  WAIT_SERVING, /* others wait for this rank's answers: pauses stay short */
  WAIT_BRISK,   /* part of the work: pauses are a small share of the time waited */
  WAIT_PATIENT, /* others work alone for long */
};

/* Start MPI. STATUS_USAGE when the launch is not what was meant (see mpi/launcher.h); MPI is
   started then all the same and team_close must follow. */
enum status team_open(struct team *team, struct fault *fault);

/* Wait for all ranks and end MPI. */
void team_close(struct team *team);

/* Make the ranks of `node`, which is taken over, share a node: everything about nodes in *team is
   set. team_open does it with the true nodes; tests pretend others. */
void team_set_nodes(struct team *team, MPI_Comm node);
void team_free_nodes(struct team *team);

/* The MPI library, first line. Not collective; needs no started MPI. */
void team_describe_library(char text[TEAM_LIBRARY_TEXT]);

void team_barrier(const struct team *team, MPI_Comm comm, enum patience patience);

/* Send `size` bytes from root's buffer to everyone's. */
void team_broadcast(const struct team *team, MPI_Comm comm, int root, void *buffer, size_t size,
                    enum patience patience);

/* values[count] of all ranks into one (MPI_MAX, MPI_SUM, ...), on all ranks. */
void team_reduce(const struct team *team, double *values, int count, MPI_Op op);

/* `size` bytes of every node's first rank into all[team->nodes], in the order of these ranks. `all`
   counts on rank 0 only. */
void team_gather_nodes(const struct team *team, const void *mine, size_t size, void *all);

/* Rank 0's verdict, on all ranks. */
bool team_share_verdict(const struct team *team, bool verdict);

/* Make one verdict of everyone's: if any rank's fault is not STATUS_OK, all get the fault of the
   lowest such rank, prefixed by its rank and host when that is not rank 0. `fault` is read and
   written. */
enum status team_agree(const struct team *team, struct fault *fault);

/* Collective over `whole`: its first `ranks` ranks, of `threads` workers each, as a team of their
   own on the same clock; for the others it is an empty one. */
void team_part_open(const struct team *whole, int ranks, int threads, struct team *part);

/* An empty one. Not collective. */
static inline void team_part_none(struct team *part) {
  *part = (struct team){.comm = MPI_COMM_NULL};
}

/* Whether this process is in it. */
static inline bool team_has_me(const struct team *part) {
  return part->comm != MPI_COMM_NULL;
}

/* Collective over the part; the others do nothing. */
void team_part_close(struct team *part);
