#include "sojourn/io/document.hpp"

#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "sojourn/io/syntax.hpp"

namespace sojourn {
namespace {

/// Where the reading stands; shared by the iterator that the JSON library copies about and the builder.
struct Cursor {
  int line = 1;
  bool after_line_break = false;
  const char* at = nullptr;

  // A line break belongs to the line that it ends: the library reads one character past a number.
  void consume(const char* c) {
    if (after_line_break) ++line;
    after_line_break = *c == '\n';
    at = c;
  }
};

/// Characters of the text; counts lines as they are consumed.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, Cursor* cursor) : at_(at), cursor_(cursor) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    cursor_->consume(at_++);
    return *this;
  }
  CountingIterator operator++(int) {
    const CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  Cursor* cursor_;
};

/// Builds the nodes from the library's events; stops at the first error of syntax.
class Builder {
 public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  Builder(std::string_view text, const DocumentLimits& limits, const Cursor& cursor, Issues& issues)
      : text_(text), limits_(limits), cursor_(cursor), issues_(issues) {}

  bool null() { return add(Node::Kind::null) != nullptr; }
  bool boolean(bool value) {
    Node* node = add(Node::Kind::boolean);
    if (node != nullptr) node->truth = value;
    return node != nullptr;
  }
  bool number_integer(number_integer_t value) { return add_number(static_cast<double>(value), std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) {
    return add_number(static_cast<double>(value), std::to_string(value));
  }
  bool number_float(number_float_t value, const string_t& written) { return add_number(value, written); }
  bool string(string_t& value) {
    if (!sound(value)) return false;
    Node* node = add(Node::Kind::string);
    if (node != nullptr) node->text = std::move(value);
    return node != nullptr;
  }
  bool binary(binary_t&) { return false; }  // never comes from text
  bool start_object(std::size_t) { return open(Node::Kind::object); }
  bool start_array(std::size_t) { return open(Node::Kind::list); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(string_t& value) {
    if (!sound(value)) return false;
    Frame& frame = open_.back();
    const auto [first, is_new] = frame.keys.try_emplace(value, cursor_.line);
    if (!is_new)
      report("expected every key once, found " + in_quotes(value) + " again, which is in line " +
             std::to_string(first->second) + " already");
    frame.key = std::move(value);
    frame.key_line = cursor_.line;
    frame.repeated = !is_new;
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception& error) {
    const std::size_t offset = cursor_.at == nullptr ? 0 : static_cast<std::size_t>(cursor_.at - text_.data());
    const bool finished = open_.empty() && values_ > 0;
    std::string message = syntax_message(error.what(), text_, offset, finished);
    if (message.ends_with("found the end of the file") && !open_.empty()) message += unclosed();
    report(std::move(message));
    return false;
  }

  [[nodiscard]] Node& root() { return root_; }

 private:
  /// An object or list that is being read.
  struct Frame {
    Node node;
    std::map<std::string, int, std::less<>> keys;  // with their lines
    std::string key = {};
    int key_line = 0;
    bool repeated = false;
  };

  void report(std::string message) {
    issues_.push_back({.line = cursor_.line, .pointer = "", .message = std::move(message)});
  }

  [[nodiscard]] std::string unclosed() const {
    const Node& last = open_.back().node;
    return std::string("; the ") + (last.is(Node::Kind::list) ? "list" : "object") + " that begins in line " +
           std::to_string(last.line) + " is not closed";
  }

  [[nodiscard]] bool sound(const std::string& value) {
    if (value.size() > limits_.string_bytes)
      report("expected a string of at most " + std::to_string(limits_.string_bytes) + " bytes, found one of " +
             std::to_string(value.size()));
    else if (value.find('\0') != std::string::npos)
      report("expected text without NUL, found \\u0000 in a string");
    else
      return true;
    return false;
  }

  bool add_number(double value, std::string written) {
    Node* node = add(Node::Kind::number);
    if (node == nullptr) return false;
    node->number = value;
    node->text = std::move(written);
    return true;
  }

  bool counted() {
    if (++values_ <= limits_.values) return true;
    report("expected at most " + std::to_string(limits_.values) + " values in a document, found more");
    return false;
  }

  Node* add(Node::Kind kind) {
    if (!counted()) return nullptr;
    Node node;
    node.kind = kind;
    node.line = cursor_.line;
    return &place(std::move(node));
  }

  /// Puts a value where the reading stands. A value whose key was there already is put aside.
  Node& place(Node node) {
    if (open_.empty()) return root_ = std::move(node);
    Frame& frame = open_.back();
    if (frame.node.is(Node::Kind::list)) return frame.node.items.emplace_back(std::move(node));
    if (frame.repeated) return aside_ = std::move(node);
    frame.node.members.push_back(
        {.key = std::move(frame.key), .line = frame.key_line, .origin = 0, .value = std::move(node)});
    return frame.node.members.back().value;
  }

  bool open(Node::Kind kind) {
    if (!counted()) return false;
    if (open_.size() >= limits_.depth) {
      report("expected at most " + std::to_string(limits_.depth) + " levels of nesting, found more");
      return false;
    }
    Frame& frame = open_.emplace_back();
    frame.node.kind = kind;
    frame.node.line = cursor_.line;
    return true;
  }

  bool close() {
    Node node = std::move(open_.back().node);
    open_.pop_back();
    place(std::move(node));
    return true;
  }

  std::string_view text_;
  const DocumentLimits& limits_;
  const Cursor& cursor_;
  Issues& issues_;
  std::vector<Frame> open_;
  Node root_;
  Node aside_;
  std::size_t values_ = 0;
};

}  // namespace

DocumentResult parse_document(std::string_view text, const DocumentLimits& limits) {
  if (auto problem = problem_of_bytes(text, limits.bytes))
    return {.root = std::nullopt, .issues = {std::move(*problem)}};
  DocumentResult result;
  Cursor cursor;
  Builder builder(text, limits, cursor, result.issues);
  const bool sound = nlohmann::json::sax_parse(CountingIterator(text.data(), &cursor),
                                               CountingIterator(text.data() + text.size(), &cursor), &builder,
                                               nlohmann::json::input_format_t::json, true, true);
  if (sound) result.root = std::move(builder.root());
  return result;
}

}  // namespace sojourn
