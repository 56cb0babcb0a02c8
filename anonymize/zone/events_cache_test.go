package zone

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestCache: the cache answers what was put in, or that it does not know.
func TestCache(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c cache
		want := make(map[string]int64)
		for i := range rapid.IntRange(1, 400).Draw(t, "n") {
			id := rapid.SampledFrom([]string{"", "a", "%d", "login.%d", "%d-a-long-identifier-of-an-account",
				strings.Repeat("x", 70_000)}).Draw(t, "id")
			if strings.Contains(id, "%") {
				id = fmt.Sprintf(id, rapid.IntRange(0, 500).Draw(t, "k"))
			}
			key, found := c.find([]byte(id))
			if old, ok := want[id]; found && (!ok || *key != old) {
				t.Fatalf("%.20q: found %d, want %d %v", id, *key, old, ok)
			}
			if !found {
				*key = int64(i)
				want[id] = *key
			}
		}
	})
}

// TestCacheIsBounded: many identifiers do not fit, and cost nothing but
// being forgotten.
func TestCacheIsBounded(t *testing.T) {
	var c cache
	for i := range 200_000 {
		for _, form := range []string{"%d", "%d-a-long-identifier-of-an-account"} {
			key, found := c.find(fmt.Appendf(nil, form, i))
			if found {
				t.Fatalf("%d is known", i)
			}
			*key = int64(i)
		}
	}
	if len(c.slots) > cacheSlots || len(c.bytes) > cacheBytes {
		t.Errorf("%d slots, %d bytes", len(c.slots), len(c.bytes))
	}
	last, found := c.find([]byte("199999"))
	if !found || *last != 199_999 {
		t.Errorf("the last one: %v", found)
	}
}
