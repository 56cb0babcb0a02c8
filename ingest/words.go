package ingest

import "github.com/entscope/entscope/anonymize/edition/vocabulary"

// ParseProfile reads a profile: a word ("parent") or its code ("3"). An empty
// text is the zero of the vocabulary, here as in the others.
func ParseProfile(text []byte) (Profile, bool) { return parse[Profile](vocabulary.Profiles(), text) }

// ParseService reads a service: a word ("grades") or its code.
func ParseService(text []byte) (Service, bool) { return parse[Service](vocabulary.Services(), text) }

// ParseAction reads an action: a word ("login") or its code.
func ParseAction(text []byte) (Action, bool) { return parse[Action](vocabulary.Actions(), text) }

// ParseDevice reads a class of device: a word ("phone") or its code.
func ParseDevice(text []byte) (Device, bool) { return parse[Device](vocabulary.Devices(), text) }

func parse[T ~int8](list vocabulary.List, text []byte) (T, bool) {
	if len(text) == 0 {
		return 0, true
	}
	code, ok := list.Number(string(text))
	return T(code), ok
}
