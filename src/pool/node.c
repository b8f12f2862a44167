/* node: two levels. A node takes large chunks from rank 0, and its ranks draw small ones from the
   node's board by an atomic addition; the rank whose draw leaves less than half of a chunk fetches
   the node's next one, one at a time. On a single node there are no messages at all. */
#include <stdlib.h>

#include "core/clock.h"
#include "mpi/call.h"
#include "mpi/wait.h"
#include "pool/board.h"
#include "pool/speed.h"
#include "pool/supply.h"

/* While a draw's work takes less than it takes a core to get hold of the board's cache line, a rank
   draws a handful ahead: still one addition a draw, but the line travels once for all of them. */
enum { HANDFUL = 8 };
static const double CACHE_LINE_SECONDS = 100e-9;

struct drawn {
  uint64_t first, units;
};

struct node_source {
  const struct team *team;
  const struct hand_out *hand_out;
  struct hand_out node_hand_out; /* between nodes */
  struct supply supply;
  struct board *board;
  uint64_t most;            /* units of a chunk on the board */
  struct board_final final; /* looked at where chunks have a constant size */
  uint64_t constant;        /* that size */
  struct drawn hand[HANDFUL];
  int held, taken;     /* of the hand: drawn ahead, and how many of those were given out */
  double unit_seconds; /* this rank's, as the board knows it */
  uint64_t speed;
  double weight;
};

/* Nodes get large chunks whatever their ranks draw: halves of what is left, dealt to all nodes; but
   small equal ones where the most expensive items come first, or the first node would get all of
   those. */
static struct hand_out between_nodes(const struct hand_out *hand_out, const struct team *team) {
  enum { CHUNKS_OF_A_NODE = 64 };
  struct hand_out large = *hand_out;
  if (hand_out->schedule == schedule_find("static")) {
    return large;
  }
  large.schedule = schedule_find(hand_out->front_loaded ? "dynamic" : "factoring");
  large.chunk =
      hand_out->front_loaded ? hand_out->items / ((uint64_t)team->nodes * CHUNKS_OF_A_NODE) : 0;
  return large;
}

/* The first chunk of every node is dealt before the clock starts, so that they need not all begin
   by waiting for rank 0. Collective over the first ranks of nodes; `dealt`: room for all, on rank
   0. */
static void deal_first(struct node_source *node, struct portion *dealt) {
  struct portion mine;
  MPI_Request request;
  for (int i = 0; dealt != NULL && i < node->team->nodes; i++) {
    dealt[i] = supply_take(&node->supply, 0);
  }
  MPI_CALL(MPI_Iscatter(dealt, 2, MPI_UINT64_T, &mine, 2, MPI_UINT64_T, 0, node->team->leaders,
                        &request));
  wait_for_all(node->team, 1, &request, WAIT_PATIENT, NULL, NULL);
  if (mine.units > 0 && board_may_fetch(node->board)) {
    board_publish(node->board, mine.first, mine.units, false);
  }
}

static enum status node_open(const struct team *team, const struct hand_out *hand_out,
                             void **source, struct fault *fault) {
  struct node_source *node = malloc(sizeof *node);
  struct portion *dealt = team->rank == 0 ? calloc((size_t)team->nodes, sizeof *dealt) : NULL;
  struct fault own = {.status = STATUS_OK};
  if (node == NULL || (team->rank == 0 && dealt == NULL)) {
    fault_set(&own, STATUS_FAILED, "out of memory");
  }
  if (team_agree(team, &own) != STATUS_OK || node == NULL) {
    free(node);
    free(dealt);
    *fault = own;
    return own.status;
  }
  *node = (struct node_source){.team = team,
                               .hand_out = hand_out,
                               .node_hand_out = between_nodes(hand_out, team),
                               .board = team->node_memory,
                               .most = board_max_units((uint64_t)team->largest_node),
                               .weight = 1};
  /* A chunk fits every node's board, and is never too small for the workers to have one each. */
  uint64_t workers = hand_out_workers(hand_out, team->largest_node);
  uint64_t least = workers * (hand_out->chunk / hand_out->grain + 1);
  if (supply_open(&node->supply, team, &node->node_hand_out, (uint64_t)team->nodes, least,
                  node->most, fault) != STATUS_OK) {
    free(node);
    free(dealt);
    return fault->status;
  }
  if (team->node_rank == 0) {
    board_clear(node->board);
    if (team->nodes > 1) {
      deal_first(node, dealt);
    }
  }
  free(dealt);
  *source = node;
  return STATUS_OK;
}

static void node_serve(void *source) {
  struct node_source *node = source;
  if (node->team->rank == 0 && node->team->nodes > 1) {
    supply_serve(&node->supply);
  }
}

/* On a single node the stock lies on the board itself. */
static struct portion take_from_board(struct node_source *node) {
  struct board *board = node->board;
  uint64_t left = node->supply.units - board->supplied;
  struct portion portion = {board->supplied, left < node->most ? left : node->most};
  board->supplied += portion.units;
  return portion;
}

static struct portion ask_rank0(struct node_source *node) {
  struct portion portion;
  supply_ask(&node->supply, 0);
  supply_wait(&node->supply, &portion);
  return portion;
}

static void fetch(struct node_source *node) {
  bool alone = node->team->nodes == 1;
  struct portion portion = alone                   ? take_from_board(node)
                           : node->team->rank == 0 ? supply_take(&node->supply, 0)
                                                   : ask_rank0(node);
  bool is_last = alone && node->board->supplied == node->supply.units;
  board_publish(node->board, portion.first, portion.units, is_last);
}

static uint64_t draw_size(void *data, uint64_t units, uint64_t remaining) {
  const struct node_source *node = data;
  return hand_out_chunk(node->hand_out, units, remaining,
                        hand_out_workers(node->hand_out, node->team->node_size), node->weight);
}

/* Rank 0 leaves long units to the others of its node, if there are any, so as to serve other nodes.
 */
static bool only_serves(const struct node_source *node, double unit_seconds) {
  return node->team->rank == 0 && node->team->nodes > 1 && node->team->node_size > 1 &&
         hand_out_is_too_long(node->hand_out, unit_seconds);
}

/* Rank 0 alone on its node does what is on its board and takes no more of it, for the same reason.
 */
static bool leaves_fetching(const struct node_source *node, double unit_seconds) {
  return node->team->rank == 0 && node->team->nodes > 1 && node->team->node_size == 1 &&
         hand_out_is_too_long(node->hand_out, unit_seconds);
}

/* The board is empty: fetch, or wait for the rank that fetches. */
static void wait_for_chunk(struct node_source *node, struct waiter *waiter) {
  if (board_may_fetch(node->board)) {
    fetch(node);
  } else {
    node_serve(node); /* whoever fetches for this node may be waiting for rank 0 */
    waiter_pause(waiter);
  }
}

/* Where the size of a chunk does not depend on what is left, the final chunk is drawn of blindly.
 */
static enum board_draw draw(struct node_source *node, uint64_t *first, uint64_t *units, bool *low) {
  if (node->final.known) {
    return board_draw_final(node->board, &node->final, node->constant, first, units);
  }
  if (node->hand_out->schedule->constant) {
    board_look_at_final(node->board, &node->final);
    node->constant = node->final.known ? draw_size(node, node->final.units, node->final.units) : 0;
  }
  return board_draw(node->board, draw_size, node, first, units, low);
}

static bool take_from_hand(struct node_source *node, struct range *range) {
  if (node->taken == node->held) {
    return false;
  }
  const struct drawn *next = &node->hand[node->taken++];
  *range = hand_out_range(node->hand_out, next->first, next->units);
  return true;
}

static bool worth_a_hand(const struct node_source *node, double unit_seconds) {
  return node->final.known && unit_seconds > 0 &&
         unit_seconds * (double)node->constant < CACHE_LINE_SECONDS;
}

static void fill_hand(struct node_source *node) {
  node->held = 0;
  node->taken = 0;
  while (node->held < HANDFUL) {
    struct drawn *next = &node->hand[node->held];
    if (board_draw_final(node->board, &node->final, node->constant, &next->first, &next->units) !=
        BOARD_DRAWN) {
      break;
    }
    node->held++;
  }
}

static bool node_next(void *source, double unit_seconds, struct range *range, double *waited) {
  struct node_source *node = source;
  struct waiter waiter;
  double waits_since = 0;
  if (take_from_hand(node, range)) {
    return true;
  }
  if (unit_seconds != node->unit_seconds) { /* measured anew once a slice */
    uint64_t speed = speed_of(unit_seconds);
    node->weight = board_weigh(node->board, node->speed, speed);
    node->speed = speed;
    node->unit_seconds = unit_seconds;
  }
  if (only_serves(node, unit_seconds)) {
    return false;
  }
  if (worth_a_hand(node, unit_seconds)) {
    fill_hand(node);
    return take_from_hand(node, range); /* none: all is drawn, and no chunk follows */
  }
  for (;;) {
    uint64_t first;
    uint64_t units;
    bool low = false;
    switch (draw(node, &first, &units, &low)) {
    case BOARD_DRAWN:
      if (low && !leaves_fetching(node, unit_seconds) && board_may_fetch(node->board)) {
        if (node->team->nodes > 1 && waits_since == 0) { /* rank 0 may take its time to answer */
          waits_since = clock_seconds();
        }
        fetch(node);
      }
      *waited += waits_since > 0 ? clock_seconds() - waits_since : 0;
      *range = hand_out_range(node->hand_out, first, units);
      return true;
    case BOARD_FINISHED:
      *waited += waits_since > 0 ? clock_seconds() - waits_since : 0;
      return false;
    case BOARD_EMPTY:
      if (leaves_fetching(node, unit_seconds)) {
        return false;
      }
      if (waits_since == 0) {
        waits_since = clock_seconds();
        waiter_start(&waiter, node->team, WAIT_BRISK);
      }
      wait_for_chunk(node, &waiter);
      break;
    }
  }
}

/* Of other nodes' chunks as much is drawn as of this node's. */
static uint64_t node_handed_out(const void *source) {
  const struct node_source *node = source;
  uint64_t left = board_left(node->board);
  uint64_t nodes = (uint64_t)node->team->nodes;
  uint64_t supplied = nodes == 1 ? node->board->supplied : node->supply.next;
  return supplied > left * nodes ? supplied - left * nodes : 0;
}

static void node_close(void *source) {
  struct node_source *node = source;
  supply_close(&node->supply);
  free(node);
}

const struct dispatcher node_dispatcher = {
    .name = "node",
    .summary = "nodes ask rank 0, ranks draw from their node's memory",
    .open = node_open,
    .next = node_next,
    .serve = node_serve,
    .handed_out = node_handed_out,
    .close = node_close,
};
