/* How fast the memory of a team's hosts is when all ranks use it at once: what bounds jobs that
   move more than they compute. */
#pragma once

#include "mpi/team.h"

/* Collective; takes about half a second. Bytes a second, over all ranks, of writing and then
   reading memory that no cache holds, by memset and a plain sum; the best of a few passes. NAN
   where there is too little memory. Known on rank 0. */
double memory_bandwidth(const struct team *team);
