package ingest_test

import (
	"reflect"
	"testing"

	"github.com/entscope/entscope/ingest"
)

// TestEventHasNoRoom freezes the event: what has no field cannot leak. A new
// field needs a decision, not only code.
func TestEventHasNoRoom(t *testing.T) {
	want := []string{
		"TsMs int64", "LocalDate int32", "LocalHour int8", "Account []uint8", "School []uint8", "Child []uint8",
		"Object []uint8", "ID []uint8", "Profile ingest.Profile", "Service ingest.Service", "Action ingest.Action",
		"Device ingest.Device", "Channel ingest.Channel", "Weight int32",
	}
	event := reflect.TypeFor[ingest.Event]()
	for i := range event.NumField() {
		f := event.Field(i)
		if got := f.Name + " " + f.Type.String(); i >= len(want) || got != want[i] {
			t.Errorf("field %d: %s", i, got)
		}
	}
	if event.NumField() != len(want) {
		t.Errorf("%d fields, want %d", event.NumField(), len(want))
	}
	reject := reflect.TypeFor[ingest.Reject]()
	if reject.NumField() != 2 {
		t.Errorf("a reject holds a line number and a reason, and nothing of the record: %d fields", reject.NumField())
	}
}

func TestSchoolKey(t *testing.T) {
	for name, want := range map[string]int32{"": 0, "0450062Y": 450062, "0450062y": 450062, "9990001X": 9990001} {
		if got := ingest.SchoolKey([]byte(name)); got != want {
			t.Errorf("%q: %d, want %d", name, got, want)
		}
	}
	if k := ingest.SchoolKey([]byte("AAA")); k < 1<<30 {
		t.Errorf("a name that is no UAI has the key %d", k)
	}
	// 0010005A is in the ministry's list of collèges; its neighbour letter is not a UAI.
	if !ingest.ValidUAI("0010005A") || ingest.ValidUAI("0010005B") || ingest.ValidUAI("0450822X ") {
		t.Error("check letter")
	}
}
