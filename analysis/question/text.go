package question

// Text is one sentence or label in the two languages of the pages. "{parents}" in
// it stands for the plural noun of the study's subject, "{Parents}" for the same
// with a capital; "{window}" in a text that completes a number for how long was looked.
type Text struct {
	FR string `toml:"fr"`
	EN string `toml:"en"`
}

// In gives the text in a language, "fr" or "en".
func (t Text) In(lang string) string {
	if lang == "en" {
		return t.EN
	}
	return t.FR
}

// complete reports whether the text exists in both languages.
func (t Text) complete() bool { return t.FR != "" && t.EN != "" }
