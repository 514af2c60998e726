#include "dependencies.h"

#include <algorithm>

namespace warpfold {

namespace {

bool meet(const Touched& a, const Touched& b) { return (a.written || b.written) && a.data < b.data + b.bytes && b.data < a.data + a.bytes; }

bool meet(const std::vector<Touched>& some, const std::vector<Touched>& others) {
  return std::any_of(some.begin(), some.end(), [&](const Touched& a) { return std::any_of(others.begin(), others.end(), [&](const Touched& b) { return meet(a, b); }); });
}

}  // namespace

std::vector<std::vector<size_t>> dependenciesOf(const std::vector<std::unique_ptr<Task>>& tasks) {
  const size_t count = tasks.size();
  std::vector<std::vector<Touched>> touched(count);
  std::vector<std::vector<size_t>> result(count);
  // Of each task those that have ended when it has.
  std::vector<std::vector<bool>> ended(count);
  for (size_t i = 0; i < count; i++) {
    touched[i] = tasks[i]->touches();
    std::vector<bool>& before = ended[i];
    before.assign(i, false);
    for (size_t j = i; j-- > 0;) {
      if (before[j] || !meet(touched[i], touched[j])) continue;
      result[i].push_back(j);
      before[j] = true;
      for (size_t k = 0; k < j; k++) before[k] = before[k] || ended[j][k];
    }
  }
  return result;
}

}  // namespace warpfold
