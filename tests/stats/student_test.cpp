#include "sojourn/stats/student.hpp"

#include <cmath>
#include <limits>

#include "support/catch.hpp"

namespace sojourn {

TEST_CASE("t quantiles agree with the tables") {
  // Computed with 30 digits from the incomplete beta function; the usual tables are these, rounded.
  struct Row {
    double p, degrees, t;
  };
  for (const Row& row :
       {Row{0.975, 1, 12.706204736174705}, Row{0.975, 2, 4.3026527297494639}, Row{0.975, 4, 2.7764451051977944},
        Row{0.975, 19, 2.0930240544083098}, Row{0.995, 9, 3.2498355415921263}, Row{0.9, 3, 1.6377443536962101},
        Row{0.9995, 30, 3.6459586350420218}, Row{0.975, 999, 1.9623414611334500}, Row{0.975, 1e6, 1.9599663568141070},
        Row{0.975, 1e9, 1.9599639869123255}, Row{0.75, 2.5, 0.78501368299230110},
        Row{0.95, 7.25, 1.8847957180841039}}) {
    INFO(row.p << " of " << row.degrees);
    CHECK(std::fabs(student_t_quantile(row.p, row.degrees) / row.t - 1) < 1e-12);
    CHECK(student_t_quantile(1 - row.p, row.degrees) == Approx(-row.t).epsilon(1e-12));
    CHECK(student_t_cdf(row.t, row.degrees) == Approx(row.p).epsilon(1e-12));
  }
}

TEST_CASE("t probabilities agree with closed forms and with 30 digits") {
  for (const double t : {-40.0, -1.0, -0.01, 0.0, 0.3, 1.0, 7.0}) {
    CHECK(student_t_cdf(t, 1) == Approx(0.5 + std::atan(t) / std::acos(-1.0)).epsilon(1e-13));
    CHECK(student_t_cdf(t, 2) == Approx(0.5 + t / (2 * std::sqrt(2 + t * t))).epsilon(1e-13));
  }
  CHECK(student_t_cdf(0.5, 3) == Approx(0.67427601757592450).epsilon(1e-13));
  CHECK(student_t_cdf(-1.5, 19) == Approx(0.075024265371135767).epsilon(1e-13));
  CHECK(student_t_cdf(1, 0.5) == Approx(0.69887838915867792).epsilon(1e-13));
  CHECK(student_t_upper_tail(2, 10) == Approx(0.036694017385370183).epsilon(1e-12));
  CHECK(student_t_upper_tail(6, 5) == Approx(0.00092306914479700721).epsilon(1e-12));
  CHECK(student_t_upper_tail(1.96, 1e6) == Approx(0.024998033792634893).epsilon(1e-12));
  CHECK(student_t_upper_tail(20, 1e12) == Approx(normal_cdf(-20)).epsilon(1e-7));
  CHECK(student_t_upper_tail(10, 30) == Approx(2.2876257041148066e-11).epsilon(1e-12));
  CHECK(student_t_upper_tail(1e200, 3) == 0);
}

TEST_CASE("quantile and probability are inverse, and symmetric about 0") {
  for (const double degrees : {0.5, 1.0, 3.0, 9.5, 19.0, 200.0, 1e5})
    for (const double p : {1e-8, 0.001, 0.2, 0.4999, 0.5001, 0.7, 0.999}) {
      const double t = student_t_quantile(p, degrees);
      CHECK(student_t_cdf(t, degrees) == Approx(p).epsilon(1e-11));
      CHECK(student_t_cdf(-t, degrees) == Approx(1 - p).epsilon(1e-11));
    }
  CHECK(student_t_quantile(0.5, 4) == 0);
  CHECK(student_t_quantile(0, 4) == -std::numeric_limits<double>::infinity());
  CHECK(student_t_quantile(1, 4) == std::numeric_limits<double>::infinity());
}

TEST_CASE("t and normal have the same bits on every machine") {
  CHECK(student_t_quantile(0.975, 19) == 0x1.0be83653b666cp+1);
  CHECK(student_t_quantile(0.995, 9) == 0x1.9ffa9c6c4220dp+1);
  CHECK(student_t_cdf(1.25, 7.5) == 0x1.c0489ef2e58p-1);
  CHECK(normal_cdf(-2.5) == 0x1.96f4e57e49c8p-8);
}

TEST_CASE("normal probabilities") {
  CHECK(normal_cdf(0) == 0.5);
  CHECK(normal_cdf(0.5) == Approx(0.69146246127401310).epsilon(1e-14));
  CHECK(normal_cdf(1.959963984540054) == Approx(0.975).epsilon(1e-14));
  CHECK(normal_cdf(-1) == Approx(0.15865525393145705).epsilon(1e-13));
  CHECK(normal_cdf(-2.999999) == Approx(0.5 * std::erfc(2.999999 / std::sqrt(2.0))).epsilon(1e-12));
  CHECK(normal_cdf(-3) == Approx(0.0013498980316300945).epsilon(1e-12));
  CHECK(normal_cdf(-10) == Approx(7.6198530241605261e-24).epsilon(1e-12));
  CHECK(normal_cdf(-30) == Approx(4.9067139271481871e-198).epsilon(1e-12));
  CHECK(normal_cdf(5) == Approx(0.99999971334842812).epsilon(1e-15));
  CHECK(normal_cdf(1.3) == Approx(student_t_cdf(1.3, 1e12)).epsilon(1e-11));
}

}  // namespace sojourn
