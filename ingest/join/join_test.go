package join

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestJudge(t *testing.T) {
	floors := Floors{Known: 0.5, Sure: 0.8}
	valid := Join{From: "feed neo", To: "the directory", Unit: Accounts, Named: 100, Known: 100, Stated: true}
	for _, c := range []struct {
		name          string
		change        func(*Join)
		doubt, refuse bool
	}{
		{"all known", func(*Join) {}, false, false},
		{"the sure share exactly", func(j *Join) { j.Known = 80 }, false, false},
		{"one less", func(j *Join) { j.Known = 79 }, true, false},
		{"the least share exactly", func(j *Join) { j.Known = 50 }, true, false},
		{"less", func(j *Join) { j.Known = 49 }, false, true},
		{"nobody known", func(j *Join) { j.Known = 0 }, false, true},
		{"nobody known of few", func(j *Join) { j.Known, j.Named = 0, Few-1 }, true, false},
		{"nobody named", func(j *Join) { j.Known, j.Named = 0, 0 }, false, false},
		{"shown only", func(j *Join) { j.Known, j.Stated = 0, false }, false, false},
		{"of one export", func(j *Join) { j.Known, j.Close = 99, true }, true, false},
	} {
		j := valid
		c.change(&j)
		doubts, err := floors.Judge([]Join{j})
		if (len(doubts) > 0) != c.doubt {
			t.Errorf("%s: doubts %q", c.name, doubts)
		}
		var refused *Error
		if errors.As(err, &refused) != c.refuse {
			t.Errorf("%s: %v", c.name, err)
		}
		if c.refuse && !strings.HasPrefix(err.Error(), "feed neo: the directory knows") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func ExampleFloors_Judge() {
	joins := []Join{{From: "feed neo", To: "the directory", Unit: Accounts, Named: 540, Known: 12, Stated: true}}
	_, err := Floors{Known: 0.5, Sure: 0.8}.Judge(joins)
	fmt.Println(err)
	// Output: feed neo: the directory knows 12 of 540 accounts, less than the share of 0.5
}
