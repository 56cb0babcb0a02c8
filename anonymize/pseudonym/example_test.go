package pseudonym_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/entscope/entscope/anonymize/pseudonym"

	"github.com/entscope/entscope/anonymize/durable"
)

// From a master key to a pseudonym. A parent and a pupil with one number have
// nothing in common, and a key in a message shows as a placeholder.
func ExampleMasterKey_Study() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "master.key")
	if err := pseudonym.CreateKey(file, nil); err != nil {
		fmt.Println(err)
		return
	}
	master, err := pseudonym.LoadKey(file, "")
	if err != nil {
		fmt.Println(err)
		return
	}
	salt, err := pseudonym.CreateSalt(durable.Disk{}, filepath.Join(dir, "restricted"))
	if err != nil {
		fmt.Println(err)
		return
	}
	key, err := master.Study("usages-familles", "2025-2026", salt)
	if err != nil {
		fmt.Println(err)
		return
	}
	parent, pupil := key.Hasher("aaf/parent"), key.Hasher("aaf/pupil")
	first := parent.Sum([]byte("2867253"))
	fmt.Println(first == parent.Sum([]byte("2867253")))
	fmt.Println(first == pupil.Sum([]byte("2867253")))
	fmt.Println(master, key)
	// Output:
	// true
	// false
	// [secret] [secret]
}
