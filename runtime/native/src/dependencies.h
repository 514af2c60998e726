// Which of recorded tasks must wait for which: those that touch the same bytes, one of them writing.
#pragma once
#include <memory>
#include <vector>

#include "tasks.h"

namespace warpfold {

/**
 * For each task those in front of it that it waits for. A task that another of them waits for, through others too, is left
 * out: as few as say the same.
 */
std::vector<std::vector<size_t>> dependenciesOf(const std::vector<std::unique_ptr<Task>>& tasks);

}  // namespace warpfold
