package vocabulary

import (
	"fmt"
	"testing"
)

func TestTable(t *testing.T) {
	for name, list := range table() {
		spellings := map[string]bool{}
		for i, e := range list {
			if i > 0 && e.Code <= list[i-1].Code {
				t.Errorf("%s %s: codes do not ascend", name, e.Word)
			}
			if e.Code < 0 || e.Code > 127 {
				t.Errorf("%s %s: code %d does not fit an int8", name, e.Word, e.Code)
			}
			if e.French == "" || e.English == "" {
				t.Errorf("%s %s: no text", name, e.Word)
			}
			for _, word := range append(e.Also, e.Word) {
				if spellings[word] {
					t.Errorf("%s: %s stands twice", name, word)
				}
				spellings[word] = true
				if code, ok := list.Number(word); !ok || code != e.Code {
					t.Errorf("%s: %s is %d", name, word, code)
				}
			}
		}
		if list[0].Code != 0 {
			t.Errorf("%s: no word for 0", name)
		}
	}
	if len(table()) != 5 {
		t.Errorf("%d vocabularies", len(table()))
	}
}

func TestUnknown(t *testing.T) {
	for word, want := range map[string]string{"grdes": "grades", "Grades": "grades", "report book": "report_book",
		"xyz": "", "": ""} {
		if got := Nearest(word, Services().Words()); got != want {
			t.Errorf("%q: nearest is %q, want %q", word, got, want)
		}
	}
}

func ExampleList_Check() {
	fmt.Println(Devices().Check("phone"))
	fmt.Println(Devices().Check("2"))
	fmt.Println(Devices().Check("tablets"))
	// Output:
	// <nil>
	// <nil>
	// "tablets" is not one of unknown, computer, phone, tablet, other; did you mean "tablet"?
}
