package durabletest

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/entscope/entscope/anonymize/durable"
)

// Recorder is a disk that looks at the folder root before every operation below it that changes a
// name or syncs, halfway through the removal of a folder, and at the end.
type Recorder struct {
	Watched
	root   string
	skip   func(Operation) bool
	mu     sync.Mutex
	fault  error
	States []State

	top   *object
	alive map[uint64]*object
	blobs map[stamp]string
}

// State is what three kinds of crash before an operation leave.
type State struct {
	Operation Operation
	// Killed is what the dead process leaves: all that was done.
	Killed Tree
	// Cut is what a power cut leaves of a file system that forgets whatever was not synced, Torn of one
	// that remembers names, and of files what was synced.
	Cut, Torn Tree
}

// object is a file or a folder, whatever its names.
type object struct {
	mode   fs.FileMode
	data   string
	names  map[string]*object // nil for a file
	synced struct {
		data  string
		names map[string]*object
	}
}

// stamp tells a file that was not written to since it was read.
type stamp struct {
	inode      uint64
	size       int64
	modified   syscall.Timespec
	attributes syscall.Timespec
}

// NewRecorder takes what lies in root for durable. Operations of which skip says so are no crash points.
func NewRecorder(root string, skip func(Operation) bool) (*Recorder, error) {
	r := &Recorder{root: root, skip: skip, alive: map[uint64]*object{}, blobs: map[stamp]string{}}
	r.Watched = Watched{Unsynced(), r.before}
	if err := r.look(); err != nil {
		return nil, err
	}
	for _, o := range r.alive {
		o.sync()
	}
	return r, nil
}

// Recording is the disk to hand to what is tested.
func (r *Recorder) Recording() durable.Disk { return durable.Disk{Files: r} }

// End takes the last state, once everything was done.
func (r *Recorder) End() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.take(Operation{Name: "end"})
	return r.fault
}

// before takes a state, and takes note of what is synced.
func (r *Recorder) before(o Operation) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.skip(o) || o.Name == "write" {
		return nil
	}
	r.take(o)
	if o.Name == "sync" && r.fault == nil {
		if at := r.at(o.Path); at != nil {
			at.sync()
		}
	}
	return r.fault
}

// RemoveAll is seen halfway.
func (r *Recorder) RemoveAll(path string) error {
	o := Operation{"remove all", path, ""}
	if err := r.before(o); err != nil {
		return err
	}
	var all []string
	err := filepath.WalkDir(path, func(name string, _ fs.DirEntry, err error) error {
		all = append(all, name)
		return err
	})
	if err == nil && len(all) > 1 {
		slices.Reverse(all) // a folder after what is in it
		for _, name := range all[:len(all)/2] {
			err = errors.Join(err, os.Remove(name))
		}
		err = errors.Join(err, r.before(Operation{"remove all, halfway", path, ""}))
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.RemoveAll(path)
}

func (o *object) sync() { o.synced.data, o.synced.names = o.data, maps.Clone(o.names) }

func (r *Recorder) at(path string) *object {
	rel, err := filepath.Rel(r.root, path)
	if err != nil || !filepath.IsLocal(rel) {
		return nil
	}
	at := r.top
	for _, name := range strings.Split(filepath.ToSlash(rel), "/") {
		if name != "." && at != nil {
			at = at.names[name]
		}
	}
	return at
}

func (r *Recorder) take(o Operation) {
	if err := r.look(); err != nil {
		r.fault = errors.Join(r.fault, err)
		return
	}
	r.States = append(r.States, State{o,
		r.tree(func(o *object) map[string]*object { return o.names },
			func(o *object) string { return o.data }),
		r.tree(func(o *object) map[string]*object { return o.synced.names },
			func(o *object) string { return o.synced.data }),
		r.tree(func(o *object) map[string]*object { return o.names },
			func(o *object) string { return o.synced.data }),
	})
}

// look brings the objects up to what is on disk. One that is gone stays in what was synced.
func (r *Recorder) look() (err error) {
	seen := map[uint64]*object{}
	r.top, err = r.lookAt(r.root, seen)
	r.alive = seen
	return err
}

func (r *Recorder) lookAt(path string, seen map[uint64]*object) (*object, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	system, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return nil, errors.New("durabletest: files have no numbers here")
	}
	o := seen[system.Ino]
	if o == nil {
		if o = r.alive[system.Ino]; o == nil || (o.names != nil) != info.IsDir() {
			o = &object{}
		}
		seen[system.Ino] = o
	}
	o.mode = info.Mode()
	if !info.IsDir() {
		s := stamp{system.Ino, info.Size(), system.Mtim, system.Ctim}
		data, known := r.blobs[s]
		if !known {
			b, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			data = string(b)
			r.blobs[s] = data
		}
		o.data = data
		return o, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	o.names = map[string]*object{}
	for _, e := range entries {
		inside := filepath.Join(path, e.Name())
		if r.skip(Operation{Name: "look", Path: inside}) {
			continue
		}
		if o.names[e.Name()], err = r.lookAt(inside, seen); err != nil {
			return nil, err
		}
	}
	return o, nil
}

func (r *Recorder) tree(names func(*object) map[string]*object, data func(*object) string) Tree {
	t := Tree{}
	var walk func(at string, o *object)
	walk = func(at string, o *object) {
		for name, inside := range names(o) {
			path := at + name
			t[path] = Entry{inside.mode, data(inside)}
			if inside.mode.IsDir() {
				t[path] = Entry{Mode: inside.mode}
				walk(path+"/", inside)
			}
		}
	}
	walk("", r.top)
	return t
}

// Tree is what is below a folder, by path from there.
type Tree map[string]Entry

// Entry is a file or a folder.
type Entry struct {
	Mode fs.FileMode
	Data string
}

// ReadTree reads what is in root, but for names of which skip says so.
func ReadTree(root string, skip func(Operation) bool) (Tree, error) {
	r, err := NewRecorder(root, skip)
	if err != nil {
		return nil, err
	}
	return r.tree(func(o *object) map[string]*object { return o.names }, func(o *object) string { return o.data }), nil
}

// Lay makes root hold the tree and nothing else.
func (t Tree) Lay(root string) error {
	have, err := ReadTree(root, func(Operation) bool { return false })
	if errors.Is(err, fs.ErrNotExist) {
		have, err = Tree{}, os.MkdirAll(root, 0o755)
	}
	if err != nil {
		return err
	}
	paths := slices.Sorted(maps.Keys(have))
	slices.Reverse(paths)
	for _, path := range paths {
		if e, ok := t[path]; !ok || e.Mode.IsDir() != have[path].Mode.IsDir() {
			if err := os.RemoveAll(filepath.Join(root, path)); err != nil {
				return err
			}
			delete(have, path)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(t)) {
		e, name := t[path], filepath.Join(root, path)
		there, ok := have[path]
		switch {
		case ok && there == e:
			continue
		case ok && e.Mode.IsDir():
		case e.Mode.IsDir():
			err = os.Mkdir(name, e.Mode.Perm())
		default:
			err = errors.Join(os.RemoveAll(name), os.WriteFile(name, []byte(e.Data), e.Mode.Perm()))
		}
		if err := errors.Join(err, os.Chmod(name, e.Mode.Perm())); err != nil {
			return err
		}
	}
	return nil
}

// Hash is the same for equal trees.
func (t Tree) Hash() string {
	sum := sha256.New()
	for _, path := range slices.Sorted(maps.Keys(t)) {
		fmt.Fprintf(sum, "%q %o %d\n%s\n", path, t[path].Mode, len(t[path].Data), t[path].Data)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// Difference names the first few paths that are not alike; "" when there is none.
func (t Tree) Difference(want Tree) string {
	var all []string
	for path, e := range want {
		if got, ok := t[path]; !ok {
			all = append(all, path+" is missing")
		} else if got != e {
			all = append(all, fmt.Sprintf("%s is another (%d bytes %v, want %d bytes %v)",
				path, len(got.Data), got.Mode, len(e.Data), e.Mode))
		}
	}
	for path := range t {
		if _, ok := want[path]; !ok {
			all = append(all, path+" is one too many")
		}
	}
	slices.Sort(all)
	if len(all) > 8 {
		all = append(all[:8], fmt.Sprintf("and %d more", len(all)-8))
	}
	return strings.Join(all, "; ")
}

// Without is the tree without the paths that the function names.
func (t Tree) Without(gone func(path string) bool) Tree {
	out := Tree{}
	for path, e := range t {
		if !gone(path) {
			out[path] = e
		}
	}
	return out
}

// Below is what is in a folder of the tree.
func (t Tree) Below(dir string) Tree {
	out := Tree{}
	for path, e := range t {
		if rest, ok := strings.CutPrefix(path, dir+"/"); ok {
			out[rest] = e
		}
	}
	return out
}

// Unsynced is the machine's disk, which waits for nothing: no test cuts the power of the machine it runs on.
func Unsynced() durable.Disk { return durable.Disk{Files: unsynced{}} }

type unsynced struct{ durable.Machine }

func (unsynced) Sync(string) error { return nil }

func (u unsynced) OpenFile(path string, flag int, mode fs.FileMode) (durable.File, error) {
	f, err := u.Machine.OpenFile(path, flag, mode)
	if err != nil {
		return nil, err
	}
	return unsyncedFile{f}, nil
}

type unsyncedFile struct{ durable.File }

func (unsyncedFile) Sync() error { return nil }
