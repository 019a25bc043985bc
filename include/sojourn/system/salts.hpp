#pragma once
// Names of draws and of trajectory records that are not steps, so that each has a stream of its own.

#include "sojourn/core/hash.hpp"

namespace sojourn::salt {

inline constexpr std::uint64_t attempt = hash_name("attempt");
inline constexpr std::uint64_t client_attempt = hash_name("attempt of a client");
inline constexpr std::uint64_t copy = hash_name("copy of an attempt");
inline constexpr std::uint64_t lost = hash_name("lost on a hop");
inline constexpr std::uint64_t added = hash_name("added to a hop");
inline constexpr std::uint64_t link_fails = hash_name("a link fails");
inline constexpr std::uint64_t follow_up = hash_name("follow-up");
inline constexpr std::uint64_t think = hash_name("think");
inline constexpr std::uint64_t mix_of_requests = hash_name("mix of requests");
inline constexpr std::uint64_t client_backoff = hash_name("client backoff");
inline constexpr std::uint64_t backoff = hash_name("backoff");
inline constexpr std::uint64_t fails = hash_name("fails");
inline constexpr std::uint64_t declines = hash_name("declines");
inline constexpr std::uint64_t rounds = hash_name("rounds of a repeat");
inline constexpr std::uint64_t compensation = hash_name("compensation");
inline constexpr std::uint64_t failures = hash_name("failures of replicas");
inline constexpr std::uint64_t strikes = hash_name("an incident's failure");
inline constexpr std::uint64_t arrivals = hash_name("arrivals");
inline constexpr std::uint64_t balancing = hash_name("balancing");
inline constexpr std::uint64_t order = hash_name("order of the queue");
inline constexpr std::uint64_t call_hop = hash_name("hop of a call");
inline constexpr std::uint64_t answer_hop = hash_name("hop of an answer");
inline constexpr std::uint64_t publish_hop = hash_name("hop of a publish");
inline constexpr std::uint64_t delivery_hop = hash_name("hop of a delivery");
inline constexpr std::uint64_t topic_latency = hash_name("time in the broker");
inline constexpr std::uint64_t topic_incident = hash_name("time that an incident adds to a broker");
inline constexpr std::uint64_t confirm_hop = hash_name("hop of a broker's acknowledgement");
inline constexpr std::uint64_t message_key = hash_name("key of a message");
inline constexpr std::uint64_t duplicate = hash_name("second delivery");
inline constexpr std::uint64_t broker = hash_name("failures of a broker");
inline constexpr std::uint64_t broker_fails = hash_name("publish that a broker fails");
inline constexpr std::uint64_t broker_loss = hash_name("publish that an incident loses");

inline constexpr std::uint64_t arrived = hash_name("request arrived");
inline constexpr std::uint64_t answered = hash_name("request answered");
inline constexpr std::uint64_t worked = hash_name("work ended");
inline constexpr std::uint64_t handled = hash_name("message handled");

}  // namespace sojourn::salt
