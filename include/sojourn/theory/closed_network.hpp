#pragma once
// Closed networks: a fixed number of customers goes round between stations. Users who think, or workers that are held.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sojourn {

/// A station of a closed network. With n customers there it completes their visits at rates[n - 1] per second and round, the
/// last rate for all larger n; without rates it is a delay: every customer has a server.
struct ClosedStation {
  double delay_s = 0;              ///< mean time of one round at a delay
  std::vector<double> rates = {};  ///< rounds per second by number of customers

  /// The rate with n >= 1 customers; of a delay that takes time.
  [[nodiscard]] double rate(std::size_t n) const {
    if (rates.empty()) return static_cast<double>(n) / delay_s;
    return rates[n <= rates.size() ? n - 1 : rates.size() - 1];
  }
  [[nodiscard]] bool takes_time() const { return !rates.empty() || delay_s > 0; }
};

/// A delay; and identical servers with one queue, that each round asks for so much work of.
[[nodiscard]] ClosedStation delay_station(double delay_s);
[[nodiscard]] ClosedStation server_station(double demand_s, std::uint64_t servers, std::uint64_t most_customers);

/// What a closed network does with n customers.
struct ClosedNetwork {
  double throughput_per_s = 0;         ///< rounds
  std::vector<double> customers = {};  ///< mean number at each station
};

/// Exact for stations with exponential work, or of any law where everybody is served at once or all share: the convolution
/// algorithm, on numbers with an exponent of their own. Time grows with the square of the customers.
/// Sources: Buzen 1973; Baskett, Chandy, Muntz and Palacios 1975. By the theorem of Chandy, Herzog and Woo (1975) the
/// throughputs are the rates of one station that stands for the whole network.
[[nodiscard]] ClosedNetwork closed_network(std::span<const ClosedStation> stations, std::size_t customers);

/// The throughputs with 1, 2, ... customers.
[[nodiscard]] std::vector<double> closed_throughputs(std::span<const ClosedStation> stations, std::size_t customers);

/// A station of one server, as mean value analysis sees it; without a queue it is a delay.
struct StationDemand {
  double seconds = 0;
  bool queues = true;
};

/// Exact as above for single servers and delays, with time linear in the customers.
/// Source: Reiser and Lavenberg 1980.
[[nodiscard]] ClosedNetwork mean_value_analysis(std::span<const StationDemand> demands, std::uint64_t customers);

/// About the same for any number of customers, in little time: the queue that an arrival meets is taken as the mean queue less
/// its own share (Schweitzer 1979, Bard 1979), several servers as one fast server and a delay (Seidmann 1987). Of a station
/// only the first and the last rate matter.
[[nodiscard]] ClosedNetwork approximate_closed_network(std::span<const ClosedStation> stations, double customers);

/// Bounds that hold for any closed network with these demands. largest: the largest demand over the number of its servers.
/// Source: Lazowska, Zahorjan, Graham and Sevcik, Quantitative System Performance (1984), chapter 5.
struct AsymptoticBounds {
  double throughput_low = 0, throughput_high = 0;
  double response_low = 0, response_high = 0;
  double knee = 0;  ///< customers from which the largest demand decides: (demand + think) / largest
};
[[nodiscard]] AsymptoticBounds asymptotic_bounds(double customers, double think_s, double demand_s, double largest_s);

}  // namespace sojourn
