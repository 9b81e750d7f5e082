#pragma once

// How far this kernel lets a process be kept from everything but computing.
struct Confinement {
    bool files = false;        // Landlock: no file but the charset modules, and those to read
    bool system_calls = false; // seccomp: none but those that computing needs
};

// Confines this process for the rest of its life. It can then use the descriptors that it has,
// allocate memory and end; it can also load charset modules. All else fails with EPERM: no network,
// no program, no file, no other process. It never fails itself: its result says
// which of the two this kernel could do.
Confinement confine();
