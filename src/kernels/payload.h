/* Bytes to send about, and whether they came through. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Fill with bytes that are a function of the seed and the message's number. */
void payload_fill(uint64_t seed, uint64_t number, void *bytes, size_t size);

/* A sum that notices a changed, lost or misplaced byte and another number; cheap, and no protection
   from anyone who means ill. (Two running sums after J. Fletcher, IEEE Trans. Commun. 30, 1982.) */
uint64_t payload_checksum(uint64_t number, const void *bytes, size_t size);

/* The number scattered over 64 bits: a bijection, so that the sum of the scattered numbers of a set
   tells it from any other set likely to be met. (The finaliser of SplitMix64: G. Steele et al.,
   "Fast splittable pseudorandom number generators", OOPSLA 2014.) */
uint64_t payload_scatter(uint64_t number);
