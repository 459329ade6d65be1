package storetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// Bounds of what the server's own tools may take.
const (
	initTime  = 2 * time.Minute
	startTime = 60 * time.Second
)

// shared starts the binary's server when the first test asks for it. It is a
// package variable because tests of one binary share nothing else.
var shared = sync.OnceValues(StartServer)

// Server is a PostgreSQL server for tests, in a temporary folder.
type Server struct {
	tools  string // folder of initdb and pg_ctl
	dir    string
	as     *syscall.SysProcAttr
	keeper *os.File // while this is open, the folder and the server live
}

// StartServer makes and starts a server. It ends with the process, or with End.
func StartServer() (*Server, error) {
	tools, err := findTools()
	if err != nil {
		return nil, err
	}
	s := &Server{tools: tools}
	if s.as, err = unprivileged(); err != nil {
		return nil, err
	}
	// Not $TMPDIR: the path of a socket may have 107 bytes only, and the other
	// user must be able to reach it.
	if s.dir, err = os.MkdirTemp("/tmp", "warder-pg-"); err != nil {
		return nil, fmt.Errorf("make a folder for PostgreSQL: %w", err)
	}
	if err := s.prepare(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.dir))
	}
	return s, nil
}

func (s *Server) prepare() error {
	if s.as.Credential != nil {
		if err := os.Chown(s.dir, int(s.as.Credential.Uid), int(s.as.Credential.Gid)); err != nil {
			return fmt.Errorf("hand the folder to PostgreSQL's user: %w", err)
		}
	}
	if err := s.keep(); err != nil {
		return err
	}
	err := s.run(initTime, "initdb", "-D", s.data(), "-U", "warder", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	if err != nil {
		return err
	}
	return s.Start()
}

// keep starts a small shell that waits for the end of its input, which comes
// when this process ends in whatever way, and then ends the server.
func (s *Server) keep() error {
	read, write, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("watch over PostgreSQL: %w", err)
	}
	defer read.Close()
	script := `cat >/dev/null; "$1/pg_ctl" stop -D "$2/data" -m immediate -w -t 10 >/dev/null 2>&1; rm -rf "$2"`
	cmd := exec.Command("/bin/sh", "-c", script, "sh", s.tools, s.dir)
	cmd.Stdin, cmd.Dir = read, "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.as.Credential, Setsid: true}
	if err := cmd.Start(); err != nil {
		return errors.Join(fmt.Errorf("watch over PostgreSQL: %w", err), write.Close())
	}
	s.keeper = write
	return cmd.Process.Release()
}

// DSN reaches the server's first database, as a user who may make others.
func (s *Server) DSN() string {
	return "host=" + s.dir + " user=warder dbname=postgres sslmode=disable"
}

// Start starts a stopped server and returns when it answers. Safety from power
// cuts is switched off: what is tested is not the server.
func (s *Server) Start() error {
	options := "-c listen_addresses='' -k " + s.dir + " -c fsync=off -c synchronous_commit=off -c full_page_writes=off " +
		"-c shared_buffers=16MB -c max_connections=90 -c autovacuum=off -c log_min_messages=fatal"
	return s.run(startTime, "pg_ctl", "start", "-D", s.data(), "-w", "-t", "50", "-l", filepath.Join(s.dir, "log"), "-o", options)
}

// Stop ends the server as an administrator in a hurry would: open connections break.
func (s *Server) Stop() error {
	return s.run(startTime, "pg_ctl", "stop", "-D", s.data(), "-w", "-t", "50", "-m", "fast")
}

// End stops the server for good and removes its folder; it does not wait for that.
func (s *Server) End() error { return s.keeper.Close() }

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

func (s *Server) run(limit time.Duration, tool string, args ...string) error {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	// A file takes the output: the server inherits it and would keep a pipe open.
	out, err := os.CreateTemp("", "warder-pg-out-")
	if err != nil {
		return fmt.Errorf("run %s: %w", tool, err)
	}
	defer os.Remove(out.Name())
	defer out.Close()
	cmd := exec.CommandContext(ctx, filepath.Join(s.tools, tool), args...)
	cmd.Stdout, cmd.Stderr, cmd.Dir, cmd.SysProcAttr = out, out, "/", s.as
	cmd.Env = append(os.Environ(), "LC_ALL=C", "HOME="+s.dir)
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(out.Name()) // only to say more
		return fmt.Errorf("run %s: %w: %s", tool, err, said)
	}
	return nil
}

// findTools looks where Debian keeps every version, newest first, then in PATH.
func findTools() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // the pattern is right
	slices.SortFunc(found, func(a, b string) int { return version(b) - version(a) })
	if len(found) > 0 {
		return filepath.Dir(found[0]), nil
	}
	path, err := exec.LookPath("initdb")
	if err != nil {
		return "", errors.New("the PostgreSQL half of this test needs initdb and pg_ctl, and they are not here")
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return "", fmt.Errorf("find initdb: %w", err)
	}
	return filepath.Dir(path), nil
}

func version(initdb string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb)))) // 0 sorts last
	return n
}

// unprivileged returns how to run the server: it refuses to run as root, so root
// becomes postgres or nobody.
func unprivileged() (*syscall.SysProcAttr, error) {
	if os.Getuid() != 0 {
		return &syscall.SysProcAttr{}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.ParseUint(u.Uid, 10, 32)
		gid, errGID := strconv.ParseUint(u.Gid, 10, 32)
		if errUID == nil && errGID == nil {
			return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
		}
	}
	return nil, errors.New("PostgreSQL does not run as root, and there is neither a user postgres nor nobody to run it as")
}
