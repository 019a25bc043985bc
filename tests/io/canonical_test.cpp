#include "sojourn/io/canonical.hpp"

#include "sojourn/io/document.hpp"
#include "support/catch.hpp"

using namespace sojourn;

namespace {

std::string canonical(std::string_view text) { return canonical_text(*parse_document(text).root); }

}  // namespace

TEST_CASE("one text for all spellings of a document") {
  CHECK(canonical("{\"b\": 1.0, // x\n \"a\": [1e0, 1]}") == "{\"a\":[1,1],\"b\":1}");
  CHECK(canonical("[0.1, 1e-1, 100e-3]") == "[0.1,0.1,0.1]");
  CHECK(canonical("[1e18, 1000000000000000000]") == "[1000000000000000000,1000000000000000000]");
  CHECK(canonical("[-0, 0, -0.0, 0e5]") == "[0,0,0,0]");
  CHECK(canonical("[18446744073709551615, -9223372036854775808]") == "[18446744073709551615,-9223372036854775808]");
  CHECK(canonical("[\"\\u00e4\\n\\\"\\\\\", true, false, null, {}, []]") ==
        "[\"\xC3\xA4\n\\\"\\\\\",true,false,null,{},[]]");
}

TEST_CASE("remarks do not count") {
  CHECK(
      canonical(R"({"$schema": "s", "x-a": 1, "description": "d", "a": {"description": 2, "x-": 3, "$schema": 4}})") ==
      R"({"a":{"$schema":4}})");
}

TEST_CASE("the digest is SHA-256") {
  // FIPS 180-2, appendix B.1
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
