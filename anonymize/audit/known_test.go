package audit

import "testing"

// TestNearest finds the one school whose counts are those of a cluster, and none where
// two are as near; a constant ratio between two counts hides nothing.
func TestNearest(t *testing.T) {
	of := func(level int64, shape ...int64) series {
		s := series{}
		for i, n := range shape {
			s[int32(7*i)] = [2]int64{level * n, n}
		}
		return s
	}
	schools := map[string]series{
		"a": of(2, 100, 120, 90, 80, 100), "b": of(2, 300, 310, 290, 280, 300), "c": of(2, 40, 60, 45, 40, 42),
		"short": of(2, 100, 120, 90),
	}
	best, second, some := nearest(of(2, 101, 119, 91, 80, 99), schools)
	if !some || best*standsOut > second {
		t.Errorf("the school itself: %v, next %v", best, second)
	}
	schools["twin"] = schools["a"]
	if best, second, _ = nearest(of(2, 101, 119, 91, 80, 99), schools); best*standsOut <= second && best > 0 {
		t.Errorf("twins: %v, next %v", best, second)
	}
	if _, _, some = nearest(of(2, 100, 120, 90), schools); some {
		t.Error("three weeks were compared")
	}
}
