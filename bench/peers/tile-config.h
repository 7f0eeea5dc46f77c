// gcc before 13 tells the optimizer of 8 of the 64 bytes that _tile_loadconfig reads, drops the stores of the others, and the first
// matrix product of a peer with AMX ends in an illegal instruction. This declares all 64; peers' sources stay as they are.
#pragma once
#if defined(__AMX_TILE__) && !defined(__clang__) && __GNUC__ < 13
#include <immintrin.h>
#define _tile_loadconfig(config) __asm__ volatile("ldtilecfg\t%X0" ::"m"(*(const char(*)[64])(config)))
#endif
