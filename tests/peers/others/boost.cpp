// Boost.Math's Poisson pdf/cdf as Erlang B: boost ROWS.csv NS_OF_OURS…
#include <algorithm>
#include <boost/math/distributions/poisson.hpp>
#include <boost/version.hpp>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

static double blocking(double a, double c) {
  try {
    boost::math::poisson_distribution<double> pool(a);
    return pdf(pool, c) / cdf(pool, c);
  } catch (const std::exception &) {
    return NAN;
  }
}

int main(int count, char **arguments) {
  if (count < 2) return 2;
  std::FILE *rows = std::fopen(arguments[1], "r");
  if (!rows) return 2;
  double c, a, want, worst = 0;
  int bad = 0, none = 0;
  while (std::fscanf(rows, "%lf,%lf,%lf", &c, &a, &want) == 3) {
    const double got = blocking(a, c);
    if (std::isfinite(got) && got > 0) {
      const double error = std::fabs(got - want) / want;
      worst = std::max(worst, error);
      bad += error > 1e-13;
    } else {
      none++;
    }
  }
  std::fclose(rows);
  const std::string name = "Boost.Math " + std::to_string(BOOST_VERSION / 100000) + "." + std::to_string(BOOST_VERSION / 100 % 1000);
  std::printf("%-22s %-30s max error %8.1e, %4d rows over 1e-13, %4d without an answer;", name.c_str(), "poisson pdf/cdf", worst, bad, none);
  const double sizes[] = {10, 1e3, 1e5, 1e7, 1e9};
  volatile double sink = 0;
  for (int i = 2; i < count && i < 7; i++) {
    const double size = sizes[i - 2];
    std::vector<double> loads;
    for (int j = 0; j < 16; j++) loads.push_back(std::max(size + (-4 + 0.5 * j) * std::sqrt(size) + 0.123, 0.5));
    double least = INFINITY;
    for (int run = 0; run < 20; run++) {
      const auto start = std::chrono::steady_clock::now();
      for (int times = 0; times < 20; times++) {
        for (const double load : loads) sink = blocking(load, size);
      }
      const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
      least = std::min(least, took.count() / 320);
    }
    std::printf(" %9.0f (%7.1f)", least, least / std::atof(arguments[i]));
  }
  (void)sink;
  std::puts("");
}
