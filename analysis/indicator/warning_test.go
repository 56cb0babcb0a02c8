package indicator

import (
	"encoding/json"
	"testing"
)

// A warning is written as its sentence and its code, and read back as both.
func TestWarningText(t *testing.T) {
	w := warning(CodeFeedPartial, "Attention : %s ne couvre plus %d %% [des écoles].", "la source « neo »", 12)
	data, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	want := `"Attention : la source « neo » ne couvre plus 12 % [des écoles]. [feed_partial]"`
	if string(data) != want {
		t.Errorf("got %s, want %s", data, want)
	}
	var back Warning
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if back.Code != w.Code {
		t.Errorf("code %q", back.Code)
	}
	if back.Sentence() != w.Sentence() {
		t.Errorf("sentence %q", back.Sentence())
	}
	if err := json.Unmarshal([]byte(`"no code"`), &back); err == nil {
		t.Error("a text without a code is read")
	}
}
