package publication

import (
	"strings"
	"testing"
)

func TestRequest(t *testing.T) {
	valid := Request{Name: "by-device", Edition: "research-2025-T1", Manifest: digest(nil), Author: "A. B.",
		Reason: "an article", Questions: []string{"L2"}, By: []string{"device"}}
	text, err := valid.Text()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ParseRequest(text); err != nil {
		t.Fatal(err)
	}
	if _, err := ParseRequest(append(text, "key = 'x'\n"...)); err == nil {
		t.Error("an unknown key is accepted")
	}
	for name, change := range map[string]func(*Request){
		"a name that leaves its folder": func(q *Request) { q.Name = "../x" },
		"no name":                       func(q *Request) { q.Name = "" },
		"an edition of schools":         func(q *Request) { q.Edition = "schools-2025-T1" },
		"an edition elsewhere":          func(q *Request) { q.Edition = "research-x/../y" },
		"no hash":                       func(q *Request) { q.Manifest = "" },
		"nobody":                        func(q *Request) { q.Author = " " },
		"a letter of control":           func(q *Request) { q.Reason = "a\x1b[2J" },
		"no reason":                     func(q *Request) { q.Reason = "" },
		"an endless reason":             func(q *Request) { q.Reason = strings.Repeat("x", longest+1) },
		"no question":                   func(q *Request) { q.Questions = nil },
		"an unknown question":           func(q *Request) { q.Questions = []string{"L2", "Z9"} },
		"months":                        func(q *Request) { q.By = []string{"month"} },
		"a cross":                       func(q *Request) { q.By = []string{"stratum"} },
	} {
		q := valid
		change(&q)
		if q.Check() == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	var all Request
	if err := all.Check(); err == nil || strings.Count(err.Error(), "\n") < 4 {
		t.Errorf("not all faults are told at once: %v", err)
	}
}

// The register knows a request by its tables, whoever asks and in whatever order.
func TestAsked(t *testing.T) {
	a := Request{Name: "a", Edition: "research-x", Author: "A", Questions: []string{"N2", "L2"}, By: []string{"ep"}}
	b := Request{Name: "b", Edition: "research-x", Reason: "R", Questions: []string{"L2", "N2"}, By: []string{"ep"}}
	one, err := a.Asked()
	if err != nil {
		t.Fatal(err)
	}
	if other, _ := b.Asked(); other != one {
		t.Errorf("%s is not %s", other, one)
	}
	if strings.Contains(one, "A\"") {
		t.Error("the register would know who asked")
	}
	back, err := ParseAsked(one)
	if err != nil || back.Questions[0] != "L2" || back.By[0] != "ep" {
		t.Errorf("%+v, %v", back, err)
	}
}
