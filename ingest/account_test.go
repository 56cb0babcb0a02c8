package ingest

import "testing"

func TestCanBeAccount(t *testing.T) {
	for text, want := range map[string]bool{
		"p.dupont": true, "1234": true, "Jean Dupont": true, "DOM\\u1": true, "u1@ent.fr": true, "CN=u1,OU=ent": true,
		"/C=FR/CN=u1": true, "ent:u1": true, "12.5": true, "a:b": true, "F0900ixy": true,
		"https://idp.fr/idp!https://sp.fr!x1": true,
		"7f1c0e2a-2025-11-10":                 true,
		"":                                    false, "192.0.2.3": false, "2001:db8::1": false, "12:11:55": false,
		"2025-11-10":           false,
		"2025-11-10T12:11:55Z": false, "https://ent.fr": false, "urn:oasis:names": false, "/portail": false,
		"[x]": false, `"x y"`: false, "nginx:": false, "a|b": false,
	} {
		if CanBeAccount([]byte(text)) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}
